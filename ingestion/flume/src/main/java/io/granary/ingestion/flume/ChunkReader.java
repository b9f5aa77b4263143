package io.granary.ingestion.flume;

import io.granary.warehouse.text.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts the bytes of a file into chunks of whole lines. Keeps one buffer of the size of the longest line, so it is not
 * safe for several threads. Every read begins with the trail, the bytes before the offset, and fails when they differ.
 *
 * <p>A line is too long when {@code maxLineBytes} bytes of it hold no newline. Its end is then looked for in steps of
 * that size, with no more memory.
 */
final class ChunkReader {
    /** What is at an offset. */
    sealed interface Found permits Lines, Nothing, TooLong {}

    /** Whole lines: their bytes and how many they are. */
    record Lines(byte[] body, int count) implements Found {}

    /** No whole line yet. */
    record Nothing() implements Found {}

    /** A line that is longer than a line may be. */
    record TooLong() implements Found {}

    /** How far a line was followed: the offset after it when {@code ended}, else where to go on. */
    record Followed(long to, Trail trail, boolean ended) {}

    private static final Nothing NOTHING = new Nothing();
    private static final TooLong TOO_LONG = new TooLong();

    private final int chunkBytes;
    private final int maxLineBytes;
    private final ByteBuffer buffer;

    ChunkReader(int chunkBytes, int maxLineBytes) {
        this.chunkBytes = chunkBytes;
        this.maxLineBytes = maxLineBytes;
        this.buffer = ByteBuffer.allocate(Trail.LENGTH + maxLineBytes);
    }

    int maxLineBytes() {
        return maxLineBytes;
    }

    /**
     * The next lines from an offset.
     *
     * @param trail the bytes before it
     * @param finished the file will not grow, so a last line without newline is whole
     * @throws CutInPlaceException when the bytes before the offset are others
     */
    Found next(FileChannel file, long offset, Trail trail, boolean finished) throws IOException {
        int begin = trail.length();
        int want = chunkBytes;
        while (true) {
            int read = fill(file, offset, trail, want);
            boolean isRest = finished && read < want;
            int end = isRest ? begin + read : afterLastNewline(begin, begin + read);
            if (end > begin) {
                return new Lines(Arrays.copyOfRange(buffer.array(), begin, end), count(begin, end));
            }
            if (read < want) {
                return NOTHING;
            }
            if (want == maxLineBytes) {
                return TOO_LONG;
            }
            want = Math.min(maxLineBytes, want * 2);
        }
    }

    /**
     * Follows a line that began before an offset.
     *
     * @throws CutInPlaceException when the bytes before the offset are others
     */
    Followed follow(FileChannel file, long offset, Trail trail, boolean finished) throws IOException {
        int begin = trail.length();
        int read = fill(file, offset, trail, maxLineBytes);
        for (int i = begin; i < begin + read; i++) {
            if (buffer.get(i) == '\n') {
                return new Followed(offset + i + 1 - begin, Trail.of(buffer.array(), 0, i + 1), true);
            }
        }
        return new Followed(offset + read, Trail.of(buffer.array(), 0, begin + read), finished && read < maxLineBytes);
    }

    /** Bytes of a file, fewer when it is shorter. */
    byte[] bytes(FileChannel file, long offset, int length) throws IOException {
        int read = fill(file, offset, Trail.NONE, Math.min(length, buffer.capacity()));
        return Arrays.copyOf(buffer.array(), read);
    }

    /** Whether the bytes before an offset are these. */
    boolean isContinued(FileChannel file, long offset, Trail trail) throws IOException {
        if (file.size() < offset) {
            return false;
        }
        byte[] found = bytes(file, offset - trail.length(), trail.length());
        return found.length == trail.length() && trail.matches(found, 0);
    }

    /** Whether a file goes on with a generation that was in it before: it has all that was to be sent. */
    boolean isContinued(FileChannel file, Position position) throws IOException {
        return isContinued(file, position.known().offset(), position.known().trail()) && mayContinue(file, position);
    }

    /** Whether a copy may go on with a generation: it may have been made before all was written that was to be sent. */
    boolean mayContinue(FileChannel file, Position position) throws IOException {
        if (!isContinued(file, position.offset(), position.trail())) {
            return false;
        }
        long from = position.known().offset() - position.known().trail().length();
        int length = (int) Math.min(file.size() - from, position.known().trail().length());
        return length <= 0 || position.known().trail().beginsWith(bytes(file, from, length));
    }

    /**
     * Hash of the first line without its newline (of a line that is too long: of its first {@code maxLineBytes} bytes),
     * or nothing while the line is incomplete.
     */
    Optional<String> firstLineHash(FileChannel file, boolean finished) throws IOException {
        int want = Math.min(4096, maxLineBytes);
        while (true) {
            int read = fill(file, 0, Trail.NONE, want);
            int end = firstNewline(read);
            if (end >= 0) {
                return Optional.of(hash(buffer.array(), end));
            }
            if (read == maxLineBytes || finished && read > 0 && read < want) {
                return Optional.of(hash(buffer.array(), read));
            }
            if (read < want) {
                return Optional.empty();
            }
            want = Math.min(maxLineBytes, want * 4);
        }
    }

    /** How many bytes after an offset were read; they stand behind the trail in the buffer. */
    private int fill(FileChannel file, long offset, Trail trail, int want) throws IOException {
        int begin = trail.length();
        buffer.clear().limit(begin + want);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, offset - begin + buffer.position()) <= 0) {
                break;
            }
        }
        if (buffer.position() < begin || !trail.matches(buffer.array(), 0)) {
            throw new CutInPlaceException("the bytes before offset " + offset + " are no longer those that were read");
        }
        return buffer.position() - begin;
    }

    private int afterLastNewline(int begin, int end) {
        byte[] bytes = buffer.array();
        int at = end;
        while (at > begin && bytes[at - 1] != '\n') {
            at--;
        }
        return at;
    }

    private int count(int begin, int end) {
        byte[] bytes = buffer.array();
        return Newlines.count(bytes, begin, end) + (bytes[end - 1] == '\n' ? 0 : 1);
    }

    private int firstNewline(int end) {
        for (int i = 0; i < end; i++) {
            if (buffer.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** The first eight bytes of the SHA-256 of a first line. */
    static String hash(byte[] line, int length) {
        return Digests.shortSha256(line, 0, length);
    }
}
