package io.granary.functions.log;

import java.util.Arrays;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.Platform;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/** The lines of one chunk, in order: rows of (offset in the file, line number from 1, bytes without the line's end). */
public final class ChunkLines extends AbstractIterator<InternalRow> {
    private static final byte[] NOTHING = {};
    private static final long NEWLINES = 0x0a0a0a0a0a0a0a0aL;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final byte[] body;
    private final long start;
    private int position;
    private long number;

    private ChunkLines(byte[] body, long start, long firstLine) {
        this.body = body;
        this.start = start;
        this.number = firstLine;
    }

    /**
     * Splits a body.
     *
     * @param body whole lines, each ended by {@code \n} but perhaps the last; null has no lines
     * @param start offset of the body's first byte in its file
     * @param firstLine number of the first line
     * @param mark lines whose first byte is below this offset are skipped (and counted on); 0 skips none
     */
    public static Iterator<InternalRow> of(byte[] body, long start, long firstLine, long mark) {
        ChunkLines lines = new ChunkLines(body == null ? NOTHING : body, start, firstLine);
        lines.skipBelow(mark);
        return lines;
    }

    private void skipBelow(long mark) {
        while (position < body.length && start + position < mark) {
            position = newline(position) + 1;
            number++;
        }
    }

    @Override
    public boolean hasNext() {
        return position < body.length;
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more lines in this chunk");
        }
        int from = position;
        int newline = newline(from);
        int to = newline > from && newline < body.length && body[newline - 1] == '\r' ? newline - 1 : newline;
        position = newline + 1;
        return new GenericInternalRow(new Object[] {start + from, number++, Arrays.copyOfRange(body, from, to)});
    }

    /** Index of the next line end at or after {@code from}, or the body's length; looks at eight bytes at a time. */
    private int newline(int from) {
        int at = from;
        for (; at + 8 <= body.length; at += 8) {
            long word = Platform.getLong(body, (long) Platform.BYTE_ARRAY_OFFSET + at) ^ NEWLINES;
            if (((word - ONES) & ~word & HIGH_BITS) != 0) {
                break;
            }
        }
        while (at < body.length && body[at] != '\n') {
            at++;
        }
        return at;
    }
}
