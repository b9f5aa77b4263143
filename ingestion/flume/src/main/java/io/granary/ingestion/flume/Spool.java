package io.granary.ingestion.flume;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;

/**
 * The rest of a compressed file, unpacked a part at a time into a file that has no name: the disk gives its space back
 * when it is closed, and when the agent dies. Bytes stand at the offsets that they have in the log; what is before them
 * is a hole.
 */
final class Spool {
    private final Path packed;
    private final Path place;
    private final long most;
    private FileChannel channel;
    private Inode inode;
    private boolean last;

    /**
     * @param packed the compressed file
     * @param place name for the unpacked file while it is opened
     * @param most bytes that are unpacked at once
     */
    Spool(Path packed, Path place, long most) {
        this.packed = packed;
        this.place = place;
        this.most = most;
    }

    /** Whether a compressed file begins with this line and has the bytes of a mark. */
    static boolean holds(Path packed, String hash, Position.Mark mark, int maxLineBytes) throws IOException {
        Trail trail = mark.trail();
        try (InputStream in = open(packed)) {
            byte[] line = new byte[maxLineBytes];
            int length = 0;
            int next;
            while (length < maxLineBytes && (next = in.read()) >= 0 && next != '\n') {
                line[length++] = (byte) next;
            }
            if (!ChunkReader.hash(line, length).equals(hash)) {
                return false;
            }
        }
        try (InputStream in = open(packed)) {
            in.skipNBytes(mark.offset() - trail.length());
            byte[] found = in.readNBytes(trail.length());
            return found.length == trail.length() && trail.matches(found, 0);
        } catch (EOFException e) {
            return false;
        }
    }

    /** Unpacks the part from an offset on, with the trail before it. */
    void unpack(long offset, int trail) throws IOException {
        close();
        Files.deleteIfExists(place);
        channel = FileChannel.open(
                place, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        inode = Inode.look(place).inode();
        Files.delete(place);
        try (InputStream in = open(packed)) {
            long at = offset - trail;
            in.skipNBytes(at);
            long end = offset + most;
            byte[] bytes = new byte[64 * 1024];
            int length = 0;
            while (at < end && (length = in.read(bytes, 0, (int) Math.min(bytes.length, end - at))) > 0) {
                ByteBuffer part = ByteBuffer.wrap(bytes, 0, length);
                while (part.hasRemaining()) {
                    at += channel.write(part, at);
                }
            }
            last = length < 0 || in.read() < 0;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static InputStream open(Path packed) throws IOException {
        return new BufferedInputStream(new GZIPInputStream(Files.newInputStream(packed), 64 * 1024));
    }

    FileChannel channel() {
        return channel;
    }

    Inode inode() {
        return inode;
    }

    Path packed() {
        return packed;
    }

    /** Whether the unpacked part ends where the file ends. */
    boolean isLast() {
        return last;
    }

    void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
