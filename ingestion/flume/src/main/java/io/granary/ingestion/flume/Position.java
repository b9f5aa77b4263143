package io.granary.ingestion.flume;

import java.nio.file.Path;

/**
 * How far a file generation has been sent, and to which Kafka partition.
 *
 * @param path its last known name
 * @param offset first byte that is not yet sent
 * @param lines lines sent so far
 * @param rotated it has left its first name, so that nobody writes to it for long
 * @param gone it is no longer there, or it was cut in place
 * @param trail the bytes before the offset
 * @param inode where it is now; null when its id still says so
 * @param mark where it was one look at the folder before the last one; null when that is here
 * @param copyOf id of the generation that this file is a copy of up to {@code offset}, so that it is not sent; or null
 */
record Position(
        Path path,
        long offset,
        long lines,
        int partition,
        boolean rotated,
        boolean gone,
        Trail trail,
        Inode inode,
        Mark mark,
        String copyOf) {

    /** An earlier offset and the bytes before it: a copy that nobody has seen yet is at least so long. */
    record Mark(long offset, Trail trail) {}

    /** Nothing was sent yet. */
    static Position start(Path path, int partition) {
        return new Position(path, 0, 0, partition, false, false, Trail.NONE, null, null, null);
    }

    Position advanced(long to, long moreLines, Trail newTrail) {
        Mark last = mark == null && offset > 0 ? new Mark(offset, trail) : mark;
        return new Position(path, to, lines + moreLines, partition, rotated, gone, newTrail, inode, last, copyOf);
    }

    /** With another mark; one that is here is none. */
    Position marked(Mark newMark) {
        Mark kept = newMark == null || newMark.offset() == 0 || newMark.offset() >= offset ? null : newMark;
        return new Position(path, offset, lines, partition, rotated, gone, trail, inode, kept, copyOf);
    }

    Position at(Path newPath, boolean nowRotated) {
        return new Position(newPath, offset, lines, partition, nowRotated, false, trail, inode, mark, copyOf);
    }

    Position in(Inode newInode) {
        return new Position(path, offset, lines, partition, rotated, gone, trail, newInode, mark, copyOf);
    }

    Position on(int newPartition) {
        return new Position(path, offset, lines, newPartition, rotated, gone, trail, inode, mark, copyOf);
    }

    Position left() {
        return new Position(path, offset, lines, partition, rotated, true, trail, inode, mark, copyOf);
    }

    /** A copy of another generation, {@code bytes} of which are the same. */
    Position copy(String of, long bytes) {
        return new Position(path, bytes, 0, partition, rotated, gone, Trail.NONE, inode, null, of);
    }
}
