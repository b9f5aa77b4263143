package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.store.Delta;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What was counted, counted again.
 *
 * @param missing of which the lines are nowhere any more
 */
public record Replayed(List<Delta> deltas, List<Missing> missing) {
    /**
     * Lines of a file that were never sealed and that Kafka has deleted.
     *
     * @param since when a line of the file came last: they are gone since Kafka's retention reached that
     */
    public record Missing(FileKey file, long bytes, Instant since) {}

    /** For people, in one line. */
    static String text(List<Missing> missing) {
        long bytes = missing.stream().mapToLong(Missing::bytes).sum();
        Missing first =
                missing.stream().min(Comparator.comparing(Missing::since)).orElseThrow();
        return bytes + " bytes of " + missing.size() + " files are in neither the ODS table nor Kafka and are not"
                + " counted any more, the oldest of file " + first.file().file() + " of "
                + first.file().host()
                + ", whose last line came at " + first.since();
    }
}
