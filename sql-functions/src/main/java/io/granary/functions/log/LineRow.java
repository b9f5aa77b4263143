package io.granary.functions.log;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.apache.spark.unsafe.types.UTF8String;

/** The row of the line that is now read: one object for all lines, whose values are decoded when they are asked for. */
final class LineRow extends InternalRow {
    private static final long serialVersionUID = 1L;

    static final int OFFSET = -1;
    static final int NUMBER = -2;
    static final int LINE = -3;
    static final int REASON = -4;
    static final int SKIPPED = -5;
    static final int DS = -6;
    static final int HH = -7;

    private final int[] columns;
    private final transient DataType[] types;
    private final transient LineValues values;
    private transient byte[] bytes;
    private int begin;
    private int end;
    private long offset;
    private long number;

    /** @param columns of each field the column of the format, or one of the constants */
    LineRow(int[] columns, DataType[] types, LineValues values) {
        this.columns = columns;
        this.types = types;
        this.values = values;
    }

    /** @param to index behind the line, without its end */
    void line(byte[] of, int from, int to, long lineOffset, long lineNumber) {
        bytes = of;
        begin = from;
        end = to;
        offset = lineOffset;
        number = lineNumber;
        values.line(of, from, to);
    }

    @Override
    public int numFields() {
        return columns.length;
    }

    @Override
    public boolean isNullAt(int i) {
        int column = columns[i];
        return switch (column) {
            case OFFSET, NUMBER, LINE, SKIPPED -> false;
            case REASON -> values.reason() == null;
            case DS, HH -> !values.isTimed();
            default -> values.isNull(column);
        };
    }

    @Override
    public UTF8String getUTF8String(int i) {
        int column = columns[i];
        return switch (column) {
            case REASON -> values.reason();
            case DS -> values.ds();
            case HH -> values.hh();
            default -> (UTF8String) values.object(column);
        };
    }

    @Override
    public long getLong(int i) {
        int column = columns[i];
        return column == OFFSET ? offset : column == NUMBER ? number : values.number(column);
    }

    @Override
    public byte[] getBinary(int i) {
        return columns[i] == LINE ? Arrays.copyOfRange(bytes, begin, end) : (byte[]) values.object(columns[i]);
    }

    @Override
    public boolean getBoolean(int i) {
        return columns[i] == SKIPPED ? values.isSkipped() : values.number(columns[i]) != 0;
    }

    @Override
    public int getInt(int i) {
        return (int) values.number(columns[i]);
    }

    @Override
    public short getShort(int i) {
        return (short) values.number(columns[i]);
    }

    @Override
    public byte getByte(int i) {
        return (byte) values.number(columns[i]);
    }

    @Override
    public double getDouble(int i) {
        return Double.longBitsToDouble(values.number(columns[i]));
    }

    @Override
    public float getFloat(int i) {
        return (float) getDouble(i);
    }

    @Override
    public Decimal getDecimal(int i, int precision, int scale) {
        return (Decimal) values.object(columns[i]);
    }

    @Override
    public InternalRow getStruct(int i, int fields) {
        return (InternalRow) values.object(columns[i]);
    }

    @Override
    public ArrayData getArray(int i) {
        return (ArrayData) values.object(columns[i]);
    }

    @Override
    public MapData getMap(int i) {
        return (MapData) values.object(columns[i]);
    }

    @Override
    public Object get(int i, DataType type) {
        if (isNullAt(i)) {
            return null;
        }
        if (type instanceof LongType || type instanceof TimestampType) {
            return getLong(i);
        }
        if (type instanceof IntegerType || type instanceof DateType) {
            return getInt(i);
        }
        if (type instanceof DoubleType) {
            return getDouble(i);
        }
        if (type instanceof FloatType) {
            return getFloat(i);
        }
        if (type instanceof ShortType) {
            return getShort(i);
        }
        if (type instanceof ByteType) {
            return getByte(i);
        }
        if (type instanceof BooleanType) {
            return getBoolean(i);
        }
        if (type instanceof BinaryType) {
            return getBinary(i);
        }
        return columns[i] < 0 ? getUTF8String(i) : values.object(columns[i]);
    }

    /** A row of its own, without a reference to the chunk. */
    @Override
    public InternalRow copy() {
        Object[] copy = new Object[columns.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = InternalRow.copyValue(get(i, types[i]));
        }
        return new GenericInternalRow(copy);
    }

    @Override
    public CalendarInterval getInterval(int i) {
        throw readOnly();
    }

    @Override
    public void setNullAt(int i) {
        throw readOnly();
    }

    @Override
    public void update(int i, Object value) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("a line's row is read only and has no intervals");
    }
}
