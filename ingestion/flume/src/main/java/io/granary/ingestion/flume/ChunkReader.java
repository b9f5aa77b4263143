package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Cuts the bytes of a file into chunks of whole lines. Keeps one buffer of the size of the longest line, so it is not
 * safe for several threads.
 *
 * <p>A line longer than that is not skipped and does not block: it is cut into pieces of exactly that size, counted
 * from the line's start, each a chunk of its own that ends without a newline. Each piece has its own offset and counts
 * as a line; half a line does not parse, so it ends in quarantine with its bytes. Where the cuts are depends on the
 * file's bytes only, so a restart makes the same pieces.
 */
final class ChunkReader {
    /** Bytes and the number of lines in them. */
    record Lines(byte[] body, int count) {}

    private final int chunkBytes;
    private final ByteBuffer buffer;

    ChunkReader(int chunkBytes, int maxLineBytes) {
        this.chunkBytes = chunkBytes;
        this.buffer = ByteBuffer.allocate(maxLineBytes);
    }

    /**
     * The next lines from an offset, or nothing when no whole line is there.
     *
     * @param finished the file will not grow, so a last line without newline is whole
     */
    Optional<Lines> next(FileChannel file, long offset, boolean finished) throws IOException {
        int want = chunkBytes;
        while (true) {
            int read = fill(file, offset, want);
            boolean isRest = finished && read < want;
            int end = isRest ? read : afterLastNewline(read);
            if (end == 0 && read == buffer.capacity()) {
                end = read;
            }
            if (end > 0) {
                byte[] body = Arrays.copyOf(buffer.array(), end);
                return Optional.of(new Lines(body, count(body)));
            }
            if (read < want) {
                return Optional.empty();
            }
            want = Math.min(buffer.capacity(), want * 2);
        }
    }

    /**
     * Hash of the first line without its newline (of a line that is too long: of its first piece), or nothing while
     * the line is incomplete.
     */
    Optional<String> firstLineHash(FileChannel file, boolean finished) throws IOException {
        int want = Math.min(4096, buffer.capacity());
        while (true) {
            int read = fill(file, 0, want);
            for (int i = 0; i < read; i++) {
                if (buffer.get(i) == '\n') {
                    return Optional.of(hash(i));
                }
            }
            if (read == buffer.capacity() || finished && read > 0 && read < want) {
                return Optional.of(hash(read));
            }
            if (read < want) {
                return Optional.empty();
            }
            want = Math.min(buffer.capacity(), want * 4);
        }
    }

    private int fill(FileChannel file, long offset, int want) throws IOException {
        buffer.clear().limit(want);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, offset + buffer.position()) <= 0) {
                break;
            }
        }
        return buffer.position();
    }

    private int afterLastNewline(int read) {
        byte[] bytes = buffer.array();
        int end = read;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private static int count(byte[] body) {
        return Newlines.count(body) + (body[body.length - 1] == '\n' ? 0 : 1);
    }

    private String hash(int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(buffer.array(), 0, length);
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
