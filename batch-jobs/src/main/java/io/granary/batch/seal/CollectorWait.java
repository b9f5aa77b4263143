package io.granary.batch.seal;

import io.granary.batch.seal.CollectionState.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Waits until every known host has reported after the start of the seal, and what was on the source's topic then is in
 * landing files.
 *
 * @param limit how long to wait
 * @param poll time between two looks
 * @param start of the seal, by this machine's clock
 */
record CollectorWait(Duration limit, Duration poll, Instant start) {
    static CollectorWait of(Duration limit, Instant start) {
        return new CollectorWait(limit, Duration.ofMillis(300), start);
    }

    /**
     * What is known after the wait.
     *
     * @param missing what did not come, in words; empty when nothing is missing
     * @param silent hosts that are silent for so long that nobody waited for them, in words
     */
    record Outcome(CollectionState heard, List<String> missing, List<String> silent) {}

    /**
     * Waits.
     *
     * @param progress of Kafka; null: not asked
     * @param hear adds what was reported since
     * @param notice takes progress messages
     */
    Outcome await(
            String source,
            CollectorProgress progress,
            CollectionState before,
            UnaryOperator<CollectionState> hear,
            SourceSeal.Expected expected,
            Consumer<String> notice) {
        long began = System.nanoTime();
        Map<Integer, Long> ends = progress == null ? Map.of() : progress.ends().orElse(Map.of());
        CollectionState heard = hear.apply(before);
        boolean told = false;
        for (; ; ) {
            List<String> missing = new ArrayList<>();
            List<String> silent = new ArrayList<>();
            look(heard, expected, missing, silent);
            Map<Integer, Long> behind = ends.isEmpty() ? Map.of() : behind(ends, progress.landed());
            if (!behind.isEmpty()) {
                missing.add("the collector is %d records behind (by Kafka partition: %s). Is the Flume agent running?"
                                .formatted(
                                        behind.values().stream()
                                                .mapToLong(Long::longValue)
                                                .sum(),
                                        behind)
                        + " See `granary status` and `granary logs flume`, or wait longer with --wait");
            }
            if (missing.isEmpty() || System.nanoTime() - began >= limit.toNanos()) {
                return new Outcome(heard, missing, silent);
            }
            if (!told && System.nanoTime() - began > NOTICED.toNanos()) {
                notice.accept(source + ": waiting: " + String.join("; ", missing));
                told = true;
            }
            Pause.of(poll);
            heard = hear.apply(heard);
        }
    }

    /** A shorter wait is not worth a word. */
    private static final Duration NOTICED = Duration.ofSeconds(3);

    private void look(CollectionState heard, SourceSeal.Expected expected, List<String> missing, List<String> silent) {
        Set<String> hosts =
                new TreeSet<>(expected.hosts().isEmpty() ? heard.hosts().keySet() : expected.hosts());
        for (String name : hosts) {
            Host host = heard.hosts().get(name);
            if (host == null) {
                missing.add("host " + name + " has never reported");
            } else if (!host.reportedBy(start)) {
                boolean isGivenUp = host.at().isBefore(start.minus(expected.deadline()));
                (isGivenUp ? silent : missing).add("host " + name + " is silent since " + host.at());
            }
        }
    }

    private static Map<Integer, Long> behind(Map<Integer, Long> ends, Map<Integer, Long> landed) {
        Map<Integer, Long> missing = new TreeMap<>();
        ends.forEach((partition, end) -> {
            long behind = end - landed.getOrDefault(partition, 0L);
            if (behind > 0) {
                missing.put(partition, behind);
            }
        });
        return missing;
    }
}
