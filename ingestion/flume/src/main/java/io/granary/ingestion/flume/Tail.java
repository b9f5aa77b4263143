package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One file that is followed, by its open channel and not by its name: where it is, and how far it is read. */
final class Tail {
    private final FileSet files;
    private final Inode inode;
    private final Instant firstSeen;
    private final Cursor cursor;
    private Spool spool;
    private FileChannel channel;
    private boolean cut;
    private boolean held;
    private long size = -1;
    private long seen;
    private Instant quietSince;
    private boolean listed = true;
    private boolean vanished;
    private Path movedTo;
    private long copiedFrom;

    /** A file seen for the first time by this process; it has no id before {@link #begin}. */
    Tail(FileSet files, Inode inode, Path path, Instant now) {
        this.files = files;
        this.inode = inode;
        this.cursor = new Cursor(files, path);
        this.quietSince = now;
        this.firstSeen = now;
    }

    /** The rest of a generation, unpacked. */
    Tail(FileSet files, Spool spool, Path path, Instant now) {
        this(files, spool.inode(), path, now);
        this.spool = spool;
        this.channel = spool.channel();
    }

    FileSet files() {
        return files;
    }

    Inode inode() {
        return inode;
    }

    Instant firstSeen() {
        return firstSeen;
    }

    Optional<Spool> spool() {
        return Optional.ofNullable(spool);
    }

    /** The generation id, or null while the first line is incomplete or it is not decided what the file is. */
    String file() {
        return cursor.file();
    }

    Path path() {
        return cursor.path();
    }

    String site() {
        return cursor.site();
    }

    /** How far it is read. */
    Cursor cursor() {
        return cursor;
    }

    /** What the channel has taken. */
    Position position() {
        return cursor.position();
    }

    /** Whether something was read that the channel has not taken yet. */
    boolean isAhead() {
        return cursor.isAhead();
    }

    boolean isOpen() {
        return channel != null && channel.isOpen();
    }

    FileChannel channel() {
        return channel;
    }

    boolean isListed() {
        return listed || spool != null;
    }

    /** Whether it was removed or renamed out of its glob. */
    boolean isVanished() {
        return vanished;
    }

    /** Where it is when it left its glob under another name, or null. */
    Path movedTo() {
        return movedTo;
    }

    /** It waits until it is known whether it is a copy of another file. */
    void hold(boolean waits) {
        held = waits;
        if (!waits) {
            cursor.retry();
        }
    }

    boolean isHeld() {
        return held;
    }

    /** Whether the file was cut in place, so that it may not take up an earlier position. */
    boolean wasCut() {
        return cut;
    }

    /** Hash of the first line; nothing while that is incomplete. */
    Optional<String> identify(ChunkReader reader, Instant now, Duration close) throws IOException {
        return reader.firstLineHash(channel, isFinished(now, close));
    }

    /** Takes its id, and the position it goes on from. */
    void begin(String id, Position from) {
        cursor.begin(id, from);
        held = false;
    }

    /** It goes on with a generation whose file was cut when it was {@code bytes} long: what this file lacks is lost. */
    void standsFor(long bytes) {
        copiedFrom = bytes;
    }

    /** Bytes that the file had of which this one is a copy, 0 when it is none. */
    long copiedFrom() {
        return copiedFrom;
    }

    /** Notes how long the file is now; true when it is shorter than what was read of it. */
    boolean observe(Instant now) throws IOException {
        return sized(channel.size(), now);
    }

    /** Notes the size that a look found; true when it is shorter than what was read of it. */
    boolean sized(long found, Instant now) {
        if (found != size) {
            size = found;
            quietSince = now;
            cursor.retry();
        }
        return found < cursor.position().offset();
    }

    /** Bytes when it was last observed, -1 before. */
    long size() {
        return size;
    }

    /** Size when a read last found it to be the same file: bytes that are known to have been in it. */
    long seen() {
        return seen;
    }

    /** Whether a read may bring something: there are bytes that the last read did not see, or it may now be finished. */
    boolean mayHaveLines(Instant now, Duration close) {
        return hasUnread() || size > cursor.read().offset() && isFinished(now, close);
    }

    /** Whether there are bytes that no read has seen; a beginning of a last line that was seen is none. */
    boolean hasUnread() {
        return size > cursor.read().offset() && !cursor.isFruitless();
    }

    /**
     * The next lines after what was read.
     *
     * @throws CutInPlaceException when the file is no longer what was read
     */
    Optional<Piece> next(ChunkReader reader, Instant now, Duration close) throws IOException {
        Optional<Piece> piece = cursor.next(reader, channel, isFinished(now, close));
        seen = Math.max(seen, size);
        return piece;
    }

    /** Whether it is in the middle of a long line, of which there is more to follow. */
    boolean isFollowing() {
        return cursor.isFollowing(size);
    }

    /** The channel has not taken it: it is read again. */
    void rollBack() {
        cursor.rollBack();
    }

    /** The file was cut in place under us: what comes now is another generation. */
    void restart() {
        cursor.restart();
        cut = true;
        seen = 0;
        copiedFrom = 0;
    }

    void unlist() {
        listed = false;
    }

    /** The file was seen, perhaps under another name. */
    void list(Path path, Instant now) {
        listed = true;
        if (vanished) {
            vanished = false;
            movedTo = null;
        }
        if (!path.equals(cursor.path())) {
            rotated(path, now);
        }
    }

    /** The file has left its first name. */
    void rotated(Path path, Instant now) {
        if (!cursor.position().rotated()) {
            quietSince = now;
        }
        cursor.rotated(path);
    }

    /** The file is at no path of its glob any more. */
    void vanish(Path movedTo, Instant now) {
        vanished = true;
        this.movedTo = movedTo;
        quietSince = now;
        if (movedTo != null) {
            rotated(cursor.path(), now);
        }
    }

    /** Rotated and quiet for long: it will not grow. A file under a name of its own is moved in whole. */
    boolean isFinished(Instant now, Duration close) {
        if (files.isByName()) {
            return true;
        }
        if (spool != null) {
            return spool.isLast();
        }
        // A clock that was set back does not hold it open for longer.
        if (now.isBefore(quietSince)) {
            quietSince = now;
        }
        return (cursor.position().rotated() || vanished) && !now.isBefore(quietSince.plus(close));
    }

    /** Finished, and nothing of it is left to send. */
    boolean isDone(Instant now, Duration close) {
        return isFinished(now, close) && !held && cursor.position().offset() >= size && size >= 0;
    }

    /** Opens the file by its name, if it still is the same file. */
    void open() throws IOException {
        if (isOpen()) {
            return;
        }
        Path path = movedTo == null ? cursor.path() : movedTo;
        channel = files.isByName() ? FileChannel.open(path, StandardOpenOption.READ) : Kinship.open(path, inode);
    }

    /** A spooled file: the next part of it was unpacked. */
    void reopen(FileChannel next) {
        channel = next;
        size = -1;
        cursor.retry();
    }

    void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
