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
 * @param mark where it was one look at the folder before the last one: a copy that nobody has seen yet is at least so
 *     long; null when that is here
 * @param copyOf id of the generation that this file is a copy of up to {@code offset}, so that it is not sent; or null
 * @param sending how far it was to be sent next: written down before that, so that an agent that dies then knows the
 *     generation again, though another file has its inode by then and begins with the same heading; or null
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
        String copyOf,
        Mark sending) {
    private static final long LONGEST_HEADING = 4096;

    /** An offset and the bytes before it. */
    record Mark(long offset, Trail trail) {}

    /** Nothing was sent yet. */
    static Position start(Path path, int partition) {
        return new Position(path, 0, 0, partition, false, false, Trail.NONE, null, null, null, null);
    }

    Position advanced(long to, long moreLines, Trail newTrail) {
        Mark last = mark == null && offset > 0 ? new Mark(offset, trail) : mark;
        return new Position(path, to, lines + moreLines, partition, rotated, gone, newTrail, inode, last, copyOf, null);
    }

    /** With another mark; one that is here is none. */
    Position marked(Mark newMark) {
        Mark kept = newMark == null || newMark.offset() == 0 || newMark.offset() >= offset ? null : newMark;
        return new Position(path, offset, lines, partition, rotated, gone, trail, inode, kept, copyOf, sending);
    }

    Position at(Path newPath, boolean nowRotated) {
        return new Position(newPath, offset, lines, partition, nowRotated, false, trail, inode, mark, copyOf, sending);
    }

    Position in(Inode newInode) {
        return new Position(path, offset, lines, partition, rotated, gone, trail, newInode, mark, copyOf, sending);
    }

    Position on(int newPartition) {
        return new Position(path, offset, lines, newPartition, rotated, gone, trail, inode, mark, copyOf, sending);
    }

    Position left() {
        return new Position(path, offset, lines, partition, rotated, true, trail, inode, mark, copyOf, sending);
    }

    /** What is sent next goes so far. */
    Position sending(Mark next) {
        return new Position(path, offset, lines, partition, rotated, gone, trail, inode, mark, copyOf, next);
    }

    /** Whether more was sent than a heading, which all logs of a program have alike. */
    boolean isTelling() {
        return offset >= LONGEST_HEADING || offset > 0 && !trail.mayEndWithDirective();
    }

    /** The farthest point that a file must have to be this generation. */
    Mark known() {
        return sending == null ? new Mark(offset, trail) : sending;
    }

    /** A copy of another generation, {@code bytes} of which are the same. */
    Position copy(String of, long bytes) {
        return new Position(path, bytes, 0, partition, rotated, gone, Trail.NONE, inode, null, of, null);
    }
}
