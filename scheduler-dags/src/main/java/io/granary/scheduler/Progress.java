package io.granary.scheduler;

import io.granary.scheduler.WorkflowResults.TaskResult;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What people see while a workflow runs. */
final class Progress {
    private static final int LINES_OF_A_FAILURE = 20;
    private static final int BYTES_OF_A_FAILURE = 16 * 1024;

    private final PrintStream out;
    private final int width;

    /** @param width of the longest task name */
    Progress(PrintStream out, int width) {
        this.out = out;
        this.width = width;
    }

    void done(int number, int of, TaskResult result) {
        String count = "["
                + " "
                        .repeat(Integer.toString(of).length()
                                - Integer.toString(number).length()) + number + "/" + of + "]";
        String name = String.format("%-" + width + "s", result.task());
        switch (result.status()) {
            case "success" -> out.println(count + " " + name + "  OK       " + seconds(result.seconds()));
            case "skipped" -> out.println(count + " " + name + "  SKIPPED  " + result.message());
            default -> {
                out.println(count + " " + name + "  ERROR    " + seconds(result.seconds()) + "  " + result.message());
                if (result.log() != null) {
                    lastLines(Path.of(result.log())).forEach(line -> out.println("    | " + line));
                    out.println("    log: " + result.log());
                }
            }
        }
        out.flush();
    }

    /** A task that has been silent for long still runs. */
    void alive(String task, double seconds) {
        out.println("        " + task + " runs for " + seconds(seconds));
        out.flush();
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    private static List<String> lastLines(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - BYTES_OF_A_FAILURE);
            byte[] end = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(end);
            List<String> lines =
                    new String(end, StandardCharsets.UTF_8).strip().lines().toList();
            return lines.subList(Math.max(0, lines.size() - LINES_OF_A_FAILURE), lines.size());
        } catch (IOException e) {
            return List.of("(log not readable: " + e.getMessage() + ")");
        }
    }
}
