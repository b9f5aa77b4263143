package io.granary.ingestion.flume;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * How far a file generation has been sent, and to which Kafka partition.
 *
 * @param path its last known name
 * @param offset first byte that is not yet sent
 * @param lines lines sent so far
 * @param rotated it has left its first name, so that nobody writes to it for long
 * @param gone it is no longer there
 */
record Position(Path path, long offset, long lines, int partition, boolean rotated, boolean gone) {

    /** The start of a file; its partition depends on its id only. */
    static Position start(String file, Path path, int partitions) {
        return new Position(path, 0, 0, partition(file, partitions), false, false);
    }

    Position advanced(long bytes, long moreLines) {
        return new Position(path, offset + bytes, lines + moreLines, partition, rotated, gone);
    }

    Position at(Path newPath, boolean nowRotated) {
        return new Position(newPath, offset, lines, partition, nowRotated, false);
    }

    Position left() {
        return new Position(path, offset, lines, partition, true, true);
    }

    /** As it is when the topic still has its partition, else with a new one. */
    Position within(String file, int partitions) {
        return partition < partitions
                ? this
                : new Position(path, offset, lines, partition(file, partitions), rotated, gone);
    }

    private static int partition(String file, int partitions) {
        CRC32 hash = new CRC32();
        hash.update(file.getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % partitions);
    }
}
