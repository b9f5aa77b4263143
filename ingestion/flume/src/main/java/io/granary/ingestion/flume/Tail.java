package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One file that is followed, by its open channel and not by its name. What is read moves {@link #read()}; what the
 * channel has taken moves {@link #position()}.
 */
final class Tail {
    /** Bytes of a line that is too long that are followed in one turn. */
    private static final long FOLLOWED_BYTES = 8L * 1024 * 1024;

    private final FileSet files;
    private final Inode inode;
    private final Instant firstSeen;
    private Spool spool;
    private FileChannel channel;
    private String file;
    private Position position;
    private Position read;
    private Position.Mark lastLook;
    private ChunkReader.Followed longLine;
    private byte[] longLineHead;
    private boolean cut;
    private boolean held;
    private long size = -1;
    private long seen;
    private long fruitlessSize = -1;
    private Instant quietSince;
    private boolean listed = true;
    private boolean vanished;
    private Path movedTo;
    private long copiedFrom;

    /** A file seen for the first time by this process; it has no id before {@link #begin}. */
    Tail(FileSet files, Inode inode, Path path, Instant now) {
        this.files = files;
        this.inode = inode;
        this.position = Position.start(path, 0);
        this.read = position;
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
        return file;
    }

    Path path() {
        return position.path();
    }

    String site() {
        return files.site(position.path());
    }

    /** What the channel has taken. */
    Position position() {
        return position;
    }

    /** What was read, whether the channel took it or not. */
    Position read() {
        return read;
    }

    /** Whether something was read that the channel has not taken yet. */
    boolean isAhead() {
        return read.offset() != position.offset();
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
            fruitlessSize = -1;
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
        file = id;
        held = false;
        Path path = position.path();
        boolean renamed = path.getParent().equals(from.path().getParent()) && !path.equals(from.path());
        position = from.at(path, position.rotated() || from.rotated() || renamed);
        read = position;
        fruitlessSize = -1;
        longLine = null;
        lastLook = null;
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
        }
        return found < position.offset();
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
        return hasUnread() || size > read.offset() && isFinished(now, close);
    }

    /** Whether there are bytes that no read has seen; a beginning of a last line that was seen is none. */
    boolean hasUnread() {
        return size > read.offset() && size != fruitlessSize;
    }

    /**
     * The next lines after what was read.
     *
     * @throws CutInPlaceException when the file is no longer what was read
     */
    Optional<Piece> next(ChunkReader reader, Instant now, Duration close) throws IOException {
        boolean finished = isFinished(now, close);
        long sizeBefore = size;
        Optional<Piece> piece = longLine == null ? read(reader, finished) : longLine(reader, finished);
        seen = Math.max(seen, sizeBefore);
        return piece;
    }

    private Optional<Piece> read(ChunkReader reader, boolean finished) throws IOException {
        ChunkReader.Found found = reader.next(channel, read.offset(), read.trail(), finished);
        if (found instanceof ChunkReader.Lines lines) {
            byte[] body = lines.body();
            long end = read.offset() + body.length;
            return Optional.of(take(
                    Piece.Kind.CHUNK, end, lines.count(), body, read.trail().then(body)));
        }
        if (found instanceof ChunkReader.TooLong) {
            longLine = new ChunkReader.Followed(read.offset(), read.trail(), false);
            longLineHead = reader.bytes(channel, read.offset(), reader.maxLineBytes() / 4);
            return longLine(reader, finished);
        }
        fruitlessSize = size;
        return Optional.empty();
    }

    /** Follows a line that is too long to its end, at most {@link #FOLLOWED_BYTES} of it now. */
    private Optional<Piece> longLine(ChunkReader reader, boolean finished) throws IOException {
        long until = longLine.to() + FOLLOWED_BYTES;
        while (longLine.to() < until) {
            ChunkReader.Followed step = reader.follow(channel, longLine.to(), longLine.trail(), finished);
            boolean stuck = step.to() == longLine.to();
            longLine = step;
            if (step.ended()) {
                longLine = null;
                return Optional.of(take(Piece.Kind.OVERSIZE, step.to(), 1, longLineHead, step.trail()));
            }
            if (stuck) {
                fruitlessSize = size;
                break;
            }
        }
        return Optional.empty();
    }

    /** Whether it is in the middle of a long line, of which there is more to follow. */
    boolean isFollowing() {
        return longLine != null && longLine.to() < size;
    }

    /** Where the next read begins, and the bytes before it. */
    ChunkReader.Followed goesOnAt() {
        return longLine == null ? new ChunkReader.Followed(read.offset(), read.trail(), false) : longLine;
    }

    private Piece take(Piece.Kind kind, long end, long lines, byte[] body, Trail trail) {
        Piece piece = new Piece(
                kind,
                file,
                site(),
                files.isByName(),
                position.partition(),
                read.offset(),
                end,
                read.lines() + 1,
                lines,
                body);
        read = read.advanced(end, lines, files.isByName() ? Trail.NONE : trail);
        return piece;
    }

    /** The channel has taken what was read. */
    void commit() {
        position = read;
    }

    /**
     * The folder is looked at now; what was read before is committed. A copy that this look finds may have been made
     * since the one before, so that one's position is the mark.
     */
    void mark() {
        if (lastLook != null) {
            position = position.marked(lastLook);
            read = position;
        }
        lastLook = new Position.Mark(position.offset(), position.trail());
    }

    /** The channel has not taken it: it is read again. */
    void rollBack() {
        read = position;
        fruitlessSize = -1;
        longLine = null;
    }

    /** The file was cut in place under us: what comes now is another generation. */
    void restart() {
        file = null;
        cut = true;
        position = Position.start(position.path(), 0);
        read = position;
        fruitlessSize = -1;
        seen = 0;
        lastLook = null;
        longLine = null;
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
        if (!path.equals(position.path())) {
            rotated(path, now);
        }
    }

    /** The file has left its first name. */
    void rotated(Path path, Instant now) {
        if (!position.rotated()) {
            quietSince = now;
        }
        position = position.at(path, true);
        read = read.at(path, true);
    }

    /** The file is at no path of its glob any more. */
    void vanish(Path movedTo, Instant now) {
        vanished = true;
        this.movedTo = movedTo;
        quietSince = now;
        if (movedTo != null) {
            rotated(position.path(), now);
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
        return (position.rotated() || vanished) && !now.isBefore(quietSince.plus(close));
    }

    /** Finished, and nothing of it is left to send. */
    boolean isDone(Instant now, Duration close) {
        return isFinished(now, close) && !held && position.offset() >= size && size >= 0;
    }

    /** Opens the file by its name, if it still is the same file. */
    void open() throws IOException {
        if (isOpen()) {
            return;
        }
        Path path = movedTo == null ? position.path() : movedTo;
        FileChannel opened =
                files.isByName() ? FileChannel.open(path, StandardOpenOption.READ) : Kinship.open(path, inode);
        channel = opened;
    }

    /** A spooled file: the next part of it was unpacked. */
    void reopen(FileChannel next) {
        channel = next;
        size = -1;
        fruitlessSize = -1;
    }

    void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
