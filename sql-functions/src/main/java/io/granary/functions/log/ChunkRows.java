package io.granary.functions.log;

import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/**
 * The lines of a chunk as rows, one chunk after the other. Every row is the same object, which the next one overwrites:
 * Spark copies what it keeps. Generated code has one of these per task.
 */
public final class ChunkRows extends AbstractIterator<InternalRow> {
    private static final byte[] NOTHING = {};

    private final LineRow row;
    private byte[] body = NOTHING;
    /** Offset in the file of what would be at index 0. */
    private long start;

    private long floor;
    private ArrayData known;
    private int interval;
    private int position;
    private int end;
    private long number;

    ChunkRows(LineRow row) {
        this.row = row;
    }

    /**
     * Splits a body.
     *
     * @param bytes whole lines, each ended by {@code \n} but perhaps the last; null has no lines
     * @param offset of the body's first byte in its file
     * @param firstLine number of the first line
     * @param mark lines whose first byte is below this offset are left out; 0 leaves out none
     * @param intervals of structs (start, end), ascending: lines whose first byte is in one are left out; null for none
     */
    public Iterator<InternalRow> chunk(byte[] bytes, long offset, long firstLine, long mark, ArrayData intervals) {
        byte[] all = bytes == null ? NOTHING : bytes;
        return begin(all, 0, all.length, offset, firstLine, mark, intervals);
    }

    /** The same of a part of an array, which is not copied. */
    public Iterator<InternalRow> chunk(UTF8String text, long offset, long firstLine, long mark, ArrayData intervals) {
        return text != null && text.getBaseObject() instanceof byte[] array
                ? begin(array, from(text), from(text) + text.numBytes(), offset, firstLine, mark, intervals)
                : chunk(text == null ? null : text.getBytes(), offset, firstLine, mark, intervals);
    }

    private Iterator<InternalRow> begin(
            byte[] bytes, int from, int to, long offset, long firstLine, long mark, ArrayData intervals) {
        body = bytes;
        position = from;
        end = to;
        start = offset - from;
        number = firstLine;
        floor = mark;
        known = intervals;
        interval = 0;
        return this;
    }

    private static int from(UTF8String text) {
        return (int) (text.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET);
    }

    /** One line, whatever bytes it has; null is a line of nothing. */
    public Iterator<InternalRow> line(byte[] bytes) {
        byte[] line = bytes == null ? NOTHING : bytes;
        return line(line, 0, line.length);
    }

    /** The same of a part of an array, which is not copied. */
    public Iterator<InternalRow> line(UTF8String text) {
        return text != null && text.getBaseObject() instanceof byte[] array
                ? line(array, from(text), from(text) + text.numBytes())
                : line(text == null ? null : text.getBytes());
    }

    private Iterator<InternalRow> line(byte[] bytes, int from, int to) {
        row.line(bytes, from, to, 0, 1);
        return new One(row);
    }

    @Override
    public boolean hasNext() {
        while (position < end && isLeftOut(start + position)) {
            position = Bytes.newline(body, position, end) + 1;
            number++;
        }
        return position < end;
    }

    private boolean isLeftOut(long offset) {
        if (offset < floor) {
            return true;
        }
        if (known == null) {
            return false;
        }
        while (interval < known.numElements() && known.getStruct(interval, 2).getLong(1) <= offset) {
            interval++;
        }
        return interval < known.numElements() && known.getStruct(interval, 2).getLong(0) <= offset;
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more lines in this chunk");
        }
        int from = position;
        int newline = Bytes.newline(body, from, end);
        int to = newline > from && newline < end && body[newline - 1] == '\r' ? newline - 1 : newline;
        position = newline + 1;
        row.line(body, from, to, start + from, number++);
        return row;
    }

    private static final class One extends AbstractIterator<InternalRow> {
        private InternalRow row;

        One(InternalRow row) {
            this.row = row;
        }

        @Override
        public boolean hasNext() {
            return row != null;
        }

        @Override
        public InternalRow next() {
            InternalRow next = row;
            row = null;
            return next;
        }
    }
}
