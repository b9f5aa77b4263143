package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
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
    /** Lines that were read: {@code [start, end)} of the file. */
    record Chunk(Tail tail, long start, long firstLine, byte[] body, int lines) {
        long end() {
            return start + body.length;
        }
    }

    private final FileSet files;
    private final Inode inode;
    private FileChannel channel;
    private String file;
    private Position position;
    private Position read;
    private boolean cut;
    private long size = -1;
    private long fruitlessSize = -1;
    private Instant quietSince;
    private boolean listed = true;

    /** A file seen for the first time by this process; it has no id before {@link #identify}. */
    Tail(FileSet files, Inode inode, Path path, Instant now) throws IOException {
        this.files = files;
        this.inode = inode;
        this.position = new Position(path, 0, 0, 0, false, false);
        this.read = position;
        this.quietSince = now;
        open();
    }

    FileSet files() {
        return files;
    }

    Inode inode() {
        return inode;
    }

    /** The generation id, or null while the first line is incomplete. */
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

    boolean isOpen() {
        return channel != null && channel.isOpen();
    }

    boolean isListed() {
        return listed;
    }

    /** The first line's id, without the count that tells apart generations that begin alike. */
    Optional<String> identify(ChunkReader reader, Instant now, Duration close) throws IOException {
        if (files.isByName()) {
            return Optional.of(FileSet.nameOf(position.path()));
        }
        return reader.firstLineHash(channel, isFinished(now, close)).map(hash -> inode + "-" + hash);
    }

    /** Whether the file was cut to nothing, so that it may not take up an earlier position. */
    boolean wasCut() {
        return cut;
    }

    /** Takes its id, and the position it goes on from. */
    void begin(String id, Position from) {
        file = id;
        Path path = position.path();
        boolean renamed = path.getParent().equals(from.path().getParent()) && !path.equals(from.path());
        position = from.at(path, position.rotated() || from.rotated() || renamed);
        read = position;
        fruitlessSize = -1;
    }

    /** Notes how long the file is now; true when it is shorter than what was read of it. */
    boolean observe(Instant now) throws IOException {
        long found = channel.size();
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

    /** Whether a read may bring something: there are bytes that the last read did not see, or it may now be finished. */
    boolean mayHaveLines(Instant now, Duration close) {
        return size > read.offset() && (size != fruitlessSize || isFinished(now, close));
    }

    /** The next lines after what was read. */
    Optional<Chunk> next(ChunkReader reader, Instant now, Duration close) throws IOException {
        Optional<ChunkReader.Lines> lines = reader.next(channel, read.offset(), isFinished(now, close));
        if (lines.isEmpty()) {
            fruitlessSize = size;
            return Optional.empty();
        }
        byte[] body = lines.get().body();
        Chunk chunk = new Chunk(
                this, read.offset(), read.lines() + 1, body, lines.get().count());
        read = read.advanced(body.length, chunk.lines());
        return Optional.of(chunk);
    }

    /** The channel has taken what was read. */
    void commit() {
        position = read;
    }

    /** The channel has not taken it: it is read again. */
    void rollBack() {
        read = position;
        fruitlessSize = -1;
    }

    /** The file was cut to nothing under us: what comes now is another generation. */
    void restart() {
        file = null;
        cut = true;
        position = new Position(position.path(), 0, 0, 0, false, false);
        read = position;
        fruitlessSize = -1;
    }

    void unlist() {
        listed = false;
    }

    /** The file was seen, perhaps under another name. */
    void list(Path path, Instant now) {
        listed = true;
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

    /** Rotated and quiet for long: it will not grow. A file under a name of its own is moved in whole. */
    boolean isFinished(Instant now, Duration close) {
        return files.isByName() || position.rotated() && !now.isBefore(quietSince.plus(close));
    }

    /** Finished, and nothing of it is left to send. */
    boolean isDone(Instant now, Duration close) {
        return isFinished(now, close) && position.offset() >= size && size >= 0;
    }

    /** Opens the file by its name, if it still is the same file. */
    void open() throws IOException {
        FileChannel opened = FileChannel.open(position.path(), StandardOpenOption.READ);
        if (!files.isByName() && !Inode.look(position.path()).inode().equals(inode)) {
            opened.close();
            throw new NoSuchFileException(position.path().toString(), null, "replaced while it was opened");
        }
        channel = opened;
    }

    void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
