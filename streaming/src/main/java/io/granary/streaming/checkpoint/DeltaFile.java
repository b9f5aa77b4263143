package io.granary.streaming.checkpoint;

import io.granary.streaming.store.Delta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jpountz.lz4.LZ4BlockInputStream;
import net.jpountz.lz4.LZ4BlockOutputStream;

/**
 * A batch's deltas as a file: LZ4 over the size of the slices they are cut into, their number and then each of them as the number of its key, its field and its
 * amount. Where a key is new, the key itself follows its number, with its kind, shard, expiry and limit. Numbers are of
 * variable length, texts UTF-8 behind their length.
 */
final class DeltaFile {
    private static final int FORM = 2;
    private static final Delta.Kind[] KINDS = Delta.Kind.values();

    private DeltaFile() {}

    /** As they are kept: whoever applies them, now or after an upgrade, has to cut them as they were cut first. */
    record Content(int sliceSize, List<Delta> deltas) {}

    static byte[] write(List<Delta> deltas, int sliceSize) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new LZ4BlockOutputStream(bytes))) {
            out.writeByte(FORM);
            number(out, sliceSize);
            number(out, deltas.size());
            Map<String, Integer> keys = new HashMap<>();
            for (Delta delta : deltas) {
                Integer key = keys.putIfAbsent(delta.key(), keys.size());
                number(out, key == null ? keys.size() - 1 : key);
                if (key == null) {
                    text(out, delta.key());
                    out.writeByte(delta.kind().ordinal());
                    out.writeByte(delta.shard());
                    number(out, delta.expiresAt());
                    number(out, delta.limit());
                }
                text(out, delta.field());
                number(out, delta.amount());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Content read(byte[] content) throws IOException {
        try (DataInputStream in = new DataInputStream(new LZ4BlockInputStream(new ByteArrayInputStream(content)))) {
            int form = in.readByte();
            if (form != FORM) {
                throw new IOException("it is of form " + form + ", which this version does not know");
            }
            int sliceSize = Math.toIntExact(number(in));
            int count = Math.toIntExact(number(in));
            List<Delta> deltas = new ArrayList<>(count);
            List<Delta> firsts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int key = Math.toIntExact(number(in));
                if (key == firsts.size()) {
                    String name = text(in);
                    Delta.Kind kind = KINDS[in.readByte()];
                    firsts.add(new Delta(kind, in.readByte(), name, "", 0, number(in), number(in)));
                }
                Delta first = firsts.get(key);
                deltas.add(new Delta(
                        first.kind(),
                        first.shard(),
                        first.key(),
                        text(in),
                        number(in),
                        first.expiresAt(),
                        first.limit()));
            }
            return new Content(sliceSize, deltas);
        } catch (ArithmeticException | IndexOutOfBoundsException e) {
            throw new IOException("it does not hold what it should", e);
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(Math.toIntExact(number(in))), StandardCharsets.UTF_8);
    }

    private static void number(DataOutputStream out, long value) throws IOException {
        long rest = value << 1 ^ value >> Long.SIZE - 1;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static long number(DataInputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte part = in.readByte();
            value |= (part & 0x7fL) << shift;
            if (part >= 0) {
                break;
            }
        }
        return value >>> 1 ^ -(value & 1);
    }
}
