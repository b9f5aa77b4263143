package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The sealed lines of one log source. What {@link #lines} tells is in {@link #rows} that are asked for afterwards. */
public interface SealedLog {
    /** Of a source that is never sealed. */
    SealedLog NONE = new SealedLog() {
        @Override
        public Map<FileKey, Intervals> lines() {
            return Map.of();
        }

        @Override
        public Optional<Dataset<Row>> rows(String firstDay) {
            return Optional.empty();
        }
    };

    /** Which lines are sealed now, by file; those that did not parse are among them. */
    Map<FileKey, Intervals> lines();

    /**
     * Rows of the ODS table as it is published now; nothing when it has none.
     *
     * @param firstDay the first {@code ds} that is wanted
     */
    Optional<Dataset<Row>> rows(String firstDay);
}
