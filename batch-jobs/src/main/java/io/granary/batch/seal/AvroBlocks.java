package io.granary.batch.seal;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * The blocks of an Avro container file as they are, as far as they are whole; nothing is decoded. A file that is being
 * written ends somewhere in a block.
 */
final class AvroBlocks implements Closeable {
    private static final byte[] MAGIC = {'O', 'b', 'j', 1};
    private static final int SYNC = 16;
    private static final int BUFFER = 256 * 1024;

    private final Source source;
    private final String path;
    private final byte[] header;

    private AvroBlocks(Source source, String path, byte[] header) {
        this.source = source;
        this.path = path;
        this.header = header;
    }

    /** Bytes that can be read from any place. */
    interface Source extends Closeable {
        /** Reads from {@code position} on. */
        InputStream from(long position) throws IOException;

        /** How many bytes can be read now. */
        long length();
    }

    /** @param path named in messages */
    static AvroBlocks open(Source source, String path) throws IOException {
        return new AvroBlocks(source, path, header(source));
    }

    /** Whether the file has a whole header; an agent may die before it has written one. */
    boolean hasHeader() {
        return header != null;
    }

    /**
     * Writes a container file of the whole blocks from a position on: the same header, the same bytes.
     *
     * @param position where an earlier copy ended; 0 for all
     * @param out opened when there is a whole block
     * @return where the next copy goes on; {@code position} when there was no whole block
     */
    long copy(long position, Output out) throws IOException {
        if (header == null) {
            return position;
        }
        byte[] sync = Arrays.copyOfRange(header, header.length - SYNC, header.length);
        long at = Math.max(position, header.length);
        checkBoundary(at, sync);
        OutputStream target = null;
        try (Counted in = new Counted(new BufferedInputStream(source.from(at), BUFFER))) {
            for (byte[] block = next(in, source.length() - at, sync, at);
                    block != null;
                    block = next(in, source.length() - at, sync, at)) {
                if (target == null) {
                    target = out.open();
                    target.write(header);
                }
                target.write(block);
                at += block.length;
                in.read = 0;
            }
        } finally {
            if (target != null) {
                target.close();
            }
        }
        return target == null ? position : at;
    }

    /** A block with its lengths and its end mark; null when it is not whole. */
    private byte[] next(Counted in, long left, byte[] sync, long at) throws IOException {
        long count;
        long size;
        try {
            if (left <= SYNC) {
                return null;
            }
            BinaryDecoder numbers = DecoderFactory.get().directBinaryDecoder(in, null);
            count = numbers.readLong();
            size = numbers.readLong();
        } catch (EOFException e) {
            return null;
        }
        int prefix = (int) in.read;
        if (count < 0 || size < 0 || size > Integer.MAX_VALUE - 1024) {
            throw broken(at);
        }
        if (prefix + size + SYNC > left) {
            return null;
        }
        byte[] block = new byte[prefix + (int) size + SYNC];
        byte[] numbers = encoded(count, size);
        if (numbers.length != prefix) {
            throw broken(at);
        }
        System.arraycopy(numbers, 0, block, 0, prefix);
        if (in.readNBytes(block, prefix, block.length - prefix) < block.length - prefix) {
            return null;
        }
        if (!Arrays.equals(block, block.length - SYNC, block.length, sync, 0, SYNC)) {
            throw broken(at);
        }
        return block;
    }

    private static byte[] encoded(long... numbers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long number : numbers) {
            long left = (number << 1) ^ (number >> 63);
            while ((left & ~0x7FL) != 0) {
                bytes.write((int) ((left & 0x7F) | 0x80));
                left >>>= 7;
            }
            bytes.write((int) left);
        }
        return bytes.toByteArray();
    }

    private void checkBoundary(long at, byte[] sync) throws IOException {
        if (at > source.length()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    path + " has " + source.length() + " bytes, but a seal has read it to byte " + at
                            + ": it was cut or replaced. Put it back as it was.");
        }
        try (InputStream in = source.from(at - SYNC)) {
            if (!Arrays.equals(in.readNBytes(SYNC), sync)) {
                throw broken(at - SYNC);
            }
        }
    }

    private GranaryException broken(long at) {
        return new GranaryException(
                ErrorCode.DATA,
                path + " is damaged: there is no block of an Avro file at byte " + at
                        + ". Look at it with `avro-tools` or `hdfs fsck`; nothing was sealed from it.");
    }

    /** Null when the header is not whole. */
    private static byte[] header(Source source) throws IOException {
        try (Counted in = new Counted(new BufferedInputStream(source.from(0), 8 * 1024))) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                return null;
            }
            BinaryDecoder decoder = DecoderFactory.get().directBinaryDecoder(in, null);
            for (long entries = decoder.readMapStart(); entries != 0; entries = decoder.mapNext()) {
                for (long i = 0; i < entries; i++) {
                    decoder.skipString();
                    decoder.skipBytes();
                }
            }
            decoder.skipFixed(SYNC);
            return firstBytes(source, in.read);
        } catch (EOFException e) {
            return null;
        }
    }

    private static byte[] firstBytes(Source source, long length) throws IOException {
        try (InputStream in = source.from(0)) {
            byte[] bytes = in.readNBytes((int) length);
            return bytes.length == length ? bytes : null;
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** Opened at the first block. */
    @FunctionalInterface
    interface Output {
        OutputStream open() throws IOException;
    }

    private static final class Counted extends FilterInputStream {
        private long read;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            read += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            read += Math.max(0, n);
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = super.skip(n);
            read += skipped;
            return skipped;
        }
    }
}
