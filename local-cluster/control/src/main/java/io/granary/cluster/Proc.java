package io.granary.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What Linux says about a process in /proc. */
final class Proc {
    private Proc() {}

    /**
     * A text that no other process has: the start of the machine and the clock tick in which the process was born.
     * Empty when there is no such process, or it has ended and only waits for its parent to notice.
     */
    static Optional<String> birth(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The second field is the program's name in parentheses and may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            if ((fields[0].equals("Z") || fields[0].equals("X")) && !hasThreads(pid)) {
                return Optional.empty();
            }
            return Optional.of(boot() + "/" + fields[19]);
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** The first thread of a killed process is gone before the others, and these still hold its ports and files. */
    private static boolean hasThreads(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.count() > 1;
        }
    }

    /** Memory a process holds, in MiB; 0 when it is gone. */
    static long memory(long pid) {
        return mebibytes(Path.of("/proc/" + pid + "/status"), "VmRSS:");
    }

    /** Memory that programs can still have without swapping, in MiB. */
    static long memoryAvailable() {
        return mebibytes(Path.of("/proc/meminfo"), "MemAvailable:");
    }

    private static long mebibytes(Path file, String key) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(key)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
                }
            }
        } catch (IOException e) {
            // The process ended while we looked.
        }
        return 0;
    }

    private static String boot() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }
}
