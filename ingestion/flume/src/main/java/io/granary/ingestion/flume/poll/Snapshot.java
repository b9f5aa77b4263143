package io.granary.ingestion.flume.poll;

import io.granary.ingestion.flume.DurableFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * What was known when a journal file began; with the lines of that file it is what is known now.
 *
 * @param sequence number of the newest version in the journal
 * @param newest highest watermark so far, or null
 * @param floor rows up to there are not looked at again, or null
 * @param rows by key
 */
record Snapshot(long sequence, Long newest, Bound floor, Map<String, Memory.Seen> rows) {
    static final Snapshot EMPTY = new Snapshot(0, null, null, Map.of());

    private static final int VERSION = 1;

    /** Writes it whole and forces it to the disk. */
    void write(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(VERSION);
        out.writeLong(sequence);
        out.writeBoolean(newest != null);
        out.writeLong(newest == null ? 0 : newest);
        out.writeBoolean(floor != null);
        if (floor != null) {
            out.writeLong(floor.mark());
            out.writeBoolean(floor.key() != null);
            text(out, floor.key() == null ? "" : floor.key());
        }
        out.writeInt(rows.size());
        for (Map.Entry<String, Memory.Seen> row : rows.entrySet()) {
            text(out, row.getKey());
            out.writeLong(row.getValue().hash());
            out.writeLong(row.getValue().mark());
        }
        CRC32 sum = new CRC32();
        sum.update(bytes.toByteArray());
        out.writeLong(sum.getValue());
        DurableFiles.replace(file, bytes.toByteArray());
    }

    /** @throws IOException when it is not whole: something else has changed it */
    static Snapshot read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, Math.max(0, bytes.length - Long.BYTES));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            int version = in.readInt();
            Snapshot read = content(in);
            if (version == VERSION && in.readLong() == sum.getValue()) {
                return read;
            }
        } catch (IOException | IllegalArgumentException | NegativeArraySizeException e) {
            throw new IOException(broken(file), e);
        }
        throw new IOException(broken(file));
    }

    private static String broken(Path file) {
        return file + " is broken: something else than the agent has changed it. Restore it; or remove the folder, and"
                + " every row of the table is read again and comes once more";
    }

    private static Snapshot content(DataInputStream in) throws IOException {
        long sequence = in.readLong();
        boolean hasNewest = in.readBoolean();
        long newest = in.readLong();
        Bound floor = null;
        if (in.readBoolean()) {
            long mark = in.readLong();
            boolean hasKey = in.readBoolean();
            String key = text(in);
            floor = new Bound(mark, hasKey ? key : null);
        }
        int count = in.readInt();
        Map<String, Memory.Seen> rows = new HashMap<>();
        for (int i = 0; i < count; i++) {
            rows.put(text(in), new Memory.Seen(in.readLong(), in.readLong()));
        }
        return new Snapshot(sequence, hasNewest ? newest : null, floor, rows);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length > in.available()) {
            throw new IOException("a text of " + length + " bytes, and " + in.available() + " are left");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
