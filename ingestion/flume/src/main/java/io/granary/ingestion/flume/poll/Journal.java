package io.granary.ingestion.flume.poll;

import io.granary.ingestion.flume.DurableFiles;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The lines of a polled table on the local disk, in files named by the number of their first line. A batch is written
 * aside and forced first ({@code next}), then appended and forced: whatever dies in between, the machine too, the same
 * bytes come to the same offsets, for a reader may have sent them on. Beside each file is what was known when it began.
 */
final class Journal implements AutoCloseable {
    /** Files of lines end so. */
    static final String LINES = ".jsonl";

    private static final String SEEN = ".seen";

    private final Path folder;
    private final long fileBytes;
    private Path current;
    private FileChannel lines;
    private FileChannel next;

    /** @param fileBytes a file that is so long is followed by another */
    Journal(Path folder, long fileBytes) {
        this.folder = folder;
        this.fileBytes = fileBytes;
    }

    /** A line that stands in the journal. */
    interface LineReader {
        /** @param line without its newline */
        void line(byte[] line) throws IOException;
    }

    /**
     * Brings the journal into the state in which the last writer wanted it.
     *
     * @return what was known when its newest file began; {@link #replay} gives the rest
     */
    Snapshot open() throws IOException {
        Files.createDirectories(folder);
        List<Path> snapshots = files(SEEN);
        Path newest = snapshots.isEmpty() ? folder.resolve(name(1) + SEEN) : snapshots.get(snapshots.size() - 1);
        if (snapshots.isEmpty()) {
            if (!files(LINES).isEmpty()) {
                throw new IOException("journal " + folder + " has lines, and no " + newest.getFileName()
                        + ": something else than the agent has removed it. Restore it, or remove the folder: then every"
                        + " row of the table comes once more");
            }
            Snapshot.EMPTY.write(newest);
        }
        String name = newest.getFileName().toString();
        current = folder.resolve(name.substring(0, name.length() - SEEN.length()) + LINES);
        next = FileChannel.open(
                folder.resolve("next"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        lock();
        finish();
        return Snapshot.read(newest);
    }

    private void lock() throws IOException {
        boolean held;
        try {
            held = next.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            held = false; // by another one of this process
        }
        if (!held) {
            close();
            throw new IOException("another agent of this machine writes journal " + folder + ". Stop it first.");
        }
    }

    /** Gives every line of the newest file. */
    void replay(LineReader reader) throws IOException {
        if (!Files.exists(current)) {
            return;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(current), 1 << 16)) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    reader.line(line.toByteArray());
                    line.reset();
                } else {
                    line.write(b);
                }
            }
        }
    }

    /** Appends whole lines; when it returns they are on the disk. */
    void append(byte[] batch) throws IOException {
        FileChannel out = lines();
        long offset = out.size();
        DurableFiles.write(next, 0, entry(current.getFileName().toString(), offset, batch));
        DurableFiles.write(out, offset, batch);
    }

    /** Whether the file is so long that the next line belongs into another one. */
    boolean isFull() throws IOException {
        return lines != null && lines.size() >= fileBytes;
    }

    /** Begins another file. */
    void rotate(Snapshot known) throws IOException {
        Path following = folder.resolve(name(known.sequence() + 1) + LINES);
        known.write(folder.resolve(name(known.sequence() + 1) + SEEN));
        lines.close();
        lines = null;
        current = following;
    }

    /**
     * Removes files that are of no more use.
     *
     * @param sent how many bytes of a file will never be asked for again
     * @return bytes that are still to be sent
     */
    long removeSent(ToLongFunction<Path> sent) throws IOException {
        long left = 0;
        for (Path file : files(LINES)) {
            long unsent = Files.size(file) - sent.applyAsLong(file);
            if (unsent <= 0 && !file.equals(current)) {
                Files.delete(file);
            } else {
                left += Math.max(0, unsent);
            }
        }
        for (Path file : files(SEEN)) {
            Path its = folder.resolve(file.getFileName().toString().replace(SEEN, LINES));
            if (!its.equals(current) && !Files.exists(its)) {
                Files.delete(file);
            }
        }
        return left;
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
            lines = null;
        }
        if (next != null) {
            next.close();
            next = null;
        }
    }

    private FileChannel lines() throws IOException {
        if (lines == null) {
            lines = FileChannel.open(current, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            DurableFiles.forceFolder(folder);
        }
        return lines;
    }

    /** Writes the last batch again, which may have come to the file in part; nobody has taken a line without its end. */
    private void finish() throws IOException {
        Optional<Entry> last = entry();
        if (last.isPresent() && last.get().file().equals(current.getFileName().toString())) {
            FileChannel out = lines();
            if (out.size() < last.get().offset()) {
                throw new IOException("journal file " + current + " is " + out.size() + " bytes long, and the agent"
                        + " wrote " + last.get().offset() + ": something else has cut it. Restore it, or remove the"
                        + " folder: then every row of the table comes once more");
            }
            DurableFiles.write(out, last.get().offset(), last.get().batch());
        }
    }

    private record Entry(String file, long offset, byte[] batch) {}

    private static byte[] entry(String file, long offset, byte[] batch) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(batch.length + 64);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(file);
        out.writeLong(offset);
        out.writeInt(batch.length);
        out.write(batch);
        CRC32 sum = new CRC32();
        sum.update(bytes.toByteArray());
        out.writeLong(sum.getValue());
        return bytes.toByteArray();
    }

    /** The batch that was written aside last; none when that was not finished, and then none of it is in the journal. */
    private Optional<Entry> entry() throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("next"));
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, Math.max(0, bytes.length - Long.BYTES));
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String file = in.readUTF();
            long offset = in.readLong();
            int length = in.readInt();
            if (length < 0 || length > in.available()) {
                return Optional.empty();
            }
            byte[] batch = in.readNBytes(length);
            return in.readLong() == sum.getValue() ? Optional.of(new Entry(file, offset, batch)) : Optional.empty();
        } catch (EOFException | UTFDataFormatException e) {
            return Optional.empty();
        }
    }

    /** By number. */
    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    /** Sorts as its number does. */
    private static String name(long first) {
        return String.format("%020d", first);
    }
}
