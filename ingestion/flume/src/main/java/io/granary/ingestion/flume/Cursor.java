package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How far one file is read. What is read moves {@link #read()}; what the channel has taken moves {@link #position()}.
 */
final class Cursor {
    /** Bytes of a line that is too long that are followed in one turn. */
    private static final long FOLLOWED_BYTES = 8L * 1024 * 1024;

    private final FileSet files;
    private String file;
    private Position position;
    private Position read;
    private Position.Mark lastLook;
    private ChunkReader.Followed longLine;
    private byte[] longLineHead;
    private boolean fruitless;

    Cursor(FileSet files, Path path) {
        this.files = files;
        this.position = Position.start(path, 0);
        this.read = position;
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

    /** Whether the last read found that what is there is no whole line, and nothing has changed since. */
    boolean isFruitless() {
        return fruitless;
    }

    /** The file has grown, or has been decided about: a read may bring something again. */
    void retry() {
        fruitless = false;
    }

    /** Takes its id, and the position it goes on from. */
    void begin(String id, Position from) {
        file = id;
        Path path = position.path();
        boolean renamed = path.getParent().equals(from.path().getParent()) && !path.equals(from.path());
        position = from.at(path, position.rotated() || from.rotated() || renamed);
        lastLook = null;
        rollBack();
    }

    /** The file was cut in place under us: what comes now is another generation. */
    void restart() {
        file = null;
        position = Position.start(position.path(), 0);
        lastLook = null;
        rollBack();
    }

    /** The channel has taken what was read. */
    void commit() {
        position = read;
    }

    /** What is read is noted before it is sent. */
    void noteSending() {
        position = position.sending(new Position.Mark(read.offset(), read.trail()));
    }

    /** The channel has not taken it: it is read again. */
    void rollBack() {
        read = position;
        fruitless = false;
        longLine = null;
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

    /** The file has left its first name. */
    void rotated(Path path) {
        position = position.at(path, true);
        read = read.at(path, true);
    }

    /**
     * The next lines after what was read.
     *
     * @param finished the file will not grow: its last line needs no newline
     * @throws CutInPlaceException when the file is no longer what was read
     */
    Optional<Piece> next(ChunkReader reader, FileChannel channel, boolean finished) throws IOException {
        if (longLine != null) {
            return longLine(reader, channel, finished);
        }
        ChunkReader.Found found = reader.next(channel, read.offset(), read.trail(), finished);
        if (read.offset() == 0 && !(found instanceof ChunkReader.Nothing)) {
            requireFirstLine(reader, channel, finished);
        }
        if (found instanceof ChunkReader.Lines lines) {
            byte[] body = lines.body();
            long end = read.offset() + body.length;
            return Optional.of(take(
                    Piece.Kind.CHUNK, end, lines.count(), body, read.trail().then(body)));
        }
        if (found instanceof ChunkReader.TooLong) {
            longLine = new ChunkReader.Followed(read.offset(), read.trail(), false);
            longLineHead = reader.bytes(channel, read.offset(), reader.maxLineBytes() / 4);
            return longLine(reader, channel, finished);
        }
        fruitless = true;
        return Optional.empty();
    }

    /** Before offset 0 there is no trail: that the file is still the one that got the id is told by its first line. */
    private void requireFirstLine(ChunkReader reader, FileChannel channel, boolean finished) throws IOException {
        Optional<String> hash = GenerationId.parse(file).map(GenerationId::hash);
        if (hash.isPresent() && !hash.equals(reader.firstLineHash(channel, finished))) {
            throw new CutInPlaceException("the first line is no longer that of " + file);
        }
    }

    /** Follows a line that is too long to its end, at most {@link #FOLLOWED_BYTES} of it now. */
    private Optional<Piece> longLine(ChunkReader reader, FileChannel channel, boolean finished) throws IOException {
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
                fruitless = true;
                break;
            }
        }
        return Optional.empty();
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

    /** Whether it is in the middle of a long line, of which a file of {@code size} bytes has more. */
    boolean isFollowing(long size) {
        return longLine != null && longLine.to() < size;
    }

    /** Where the next read begins, and the bytes before it. */
    ChunkReader.Followed goesOnAt() {
        return longLine == null ? new ChunkReader.Followed(read.offset(), read.trail(), false) : longLine;
    }
}
