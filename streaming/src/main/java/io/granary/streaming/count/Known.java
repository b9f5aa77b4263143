package io.granary.streaming.count;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import java.io.Serializable;
import java.util.Map;

/**
 * What of a batch's files does not count any more.
 *
 * @param files as they stood after the batch before
 * @param planned when a batch is counted exactly: of every chunk, by its record, the lines that are left out; else null
 */
record Known(Map<FileKey, Intervals> files, Map<RecordId, Intervals> planned) implements Serializable {
    record RecordId(int partition, long offset) implements Serializable {}
}
