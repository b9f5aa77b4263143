package io.granary.batch.seal;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Waits until what was on a source's topic at the start is in closed landing files. A file that stays open while nothing
 * comes was left by an agent that died (a living one closes idle files): it is handed back to be recovered.
 *
 * @param limit how long to wait
 * @param quiet how long a file may stay open while nothing comes
 * @param poll time between two looks
 */
record CollectorWait(Duration limit, Duration quiet, Duration poll) {

    static CollectorWait of(Duration limit) {
        return new CollectorWait(limit, Duration.ofSeconds(15), Duration.ofMillis(300));
    }

    /**
     * Waits.
     *
     * @param openFiles lists the files that an agent may be writing
     * @param notice takes progress messages
     * @return files that were left open; empty Optional when the topic does not exist, so nothing was ever collected
     * @throws GranaryException when the limit passes, with what is missing
     */
    Optional<List<LandingFile>> await(
            String source, CollectorProgress progress, Supplier<List<LandingFile>> openFiles, Consumer<String> notice) {
        Optional<Map<Integer, Long>> ends = progress.ends();
        if (ends.isEmpty()) {
            return Optional.empty();
        }
        long start = System.nanoTime();
        awaitLanded(source, ends.get(), progress, notice, start);
        return Optional.of(awaitClosed(source, progress, openFiles, notice, start));
    }

    private void awaitLanded(
            String source, Map<Integer, Long> ends, CollectorProgress progress, Consumer<String> notice, long start) {
        boolean told = false;
        for (; ; ) {
            Map<Integer, Long> missing = missing(ends, progress.landed());
            if (missing.isEmpty()) {
                return;
            }
            long count = missing.values().stream().mapToLong(Long::longValue).sum();
            if (passed(start, limit)) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        source + ": the collector is " + count + " records behind after " + limit.toSeconds()
                                + " s (records missing by Kafka partition: " + missing
                                + "). Is the Flume agent running? See `granary status` and `granary logs flume`,"
                                + " or wait longer with --wait.");
            }
            if (!told) {
                notice.accept(source + ": waiting for the collector, " + count + " records behind");
                told = true;
            }
            Pause.of(poll);
        }
    }

    /** Waits for the files that are open now only: later ones hold what came later. */
    private List<LandingFile> awaitClosed(
            String source,
            CollectorProgress progress,
            Supplier<List<LandingFile>> openFiles,
            Consumer<String> notice,
            long start) {
        Set<String> awaited = paths(openFiles.get());
        Optional<Map<Integer, Long>> ends = progress.ends();
        long quietSince = System.nanoTime();
        boolean told = false;
        for (; ; ) {
            List<LandingFile> open = openFiles.get().stream()
                    .filter(f -> awaited.contains(f.path()))
                    .toList();
            if (open.isEmpty()) {
                return List.of();
            }
            Optional<Map<Integer, Long>> now = progress.ends();
            if (!now.equals(ends)) {
                ends = now;
                quietSince = System.nanoTime();
            }
            if (passed(quietSince, quiet)) {
                notice.accept(source + ": nobody closes " + names(open) + "; taken as left by an agent that died");
                return open;
            }
            if (passed(start, limit)) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        source + ": landing files are still open after " + limit.toSeconds() + " s: " + names(open)
                                + ". The collector closes them when they are full or idle; wait longer with --wait,"
                                + " or seal what is closed with --wait 0.");
            }
            if (!told) {
                notice.accept(source + ": waiting until the collector closes " + names(open));
                told = true;
            }
            Pause.of(poll);
        }
    }

    private static Map<Integer, Long> missing(Map<Integer, Long> ends, Map<Integer, Long> landed) {
        Map<Integer, Long> missing = new TreeMap<>();
        ends.forEach((partition, end) -> {
            long behind = end - landed.getOrDefault(partition, 0L);
            if (behind > 0) {
                missing.put(partition, behind);
            }
        });
        return missing;
    }

    private static Set<String> paths(List<LandingFile> files) {
        return files.stream().map(LandingFile::path).collect(Collectors.toSet());
    }

    private static String names(List<LandingFile> files) {
        return files.stream().map(LandingFile::path).collect(Collectors.joining(", "));
    }

    private static boolean passed(long since, Duration duration) {
        return System.nanoTime() - since >= duration.toNanos();
    }
}
