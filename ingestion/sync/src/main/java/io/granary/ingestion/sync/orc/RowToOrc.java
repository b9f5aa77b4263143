package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.jdbc.WallClock;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.hadoop.hive.common.type.HiveDecimal;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DateColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** Copies one row of a result into a batch of ORC vectors, cell by cell, without losing a digit. */
public final class RowToOrc {
    /** Copies a cell; returns false when it is NULL. */
    private interface Cell {
        boolean copy(ResultSet row, int column, ColumnVector vector, int at) throws SQLException;
    }

    private final List<TypeDescription> types;
    private final List<String> names;
    private final Cell[] cells;
    private final int identified;

    /** @param identifiedBy the column whose value names a row in messages, or null */
    public RowToOrc(TypeDescription schema, String identifiedBy) {
        this.types = schema.getChildren();
        this.names = schema.getFieldNames();
        this.cells = types.stream().map(RowToOrc::cell).toArray(Cell[]::new);
        this.identified = names.indexOf(identifiedBy);
    }

    /** A batch whose dates are in the calendar of ISO 8601 and whose times are in UTC. */
    public static VectorizedRowBatch batch(TypeDescription schema, int rows) {
        VectorizedRowBatch batch = schema.createRowBatch(rows);
        for (ColumnVector vector : batch.cols) {
            if (vector instanceof TimestampColumnVector time) {
                time.setIsUTC(true);
                time.changeCalendar(true, false);
            } else if (vector instanceof DateColumnVector date) {
                date.changeCalendar(true, false);
            }
        }
        return batch;
    }

    /**
     * Adds the row at the end of the batch.
     *
     * @param number of the row, from 1, for messages
     * @throws GranaryException naming row and column when a value cannot be kept
     */
    public void append(ResultSet row, VectorizedRowBatch batch, long number) throws SQLException {
        int at = batch.size;
        for (int i = 0; i < cells.length; i++) {
            ColumnVector vector = batch.cols[i];
            try {
                boolean present = cells[i].copy(row, i + 1, vector, at);
                vector.isNull[at] = !present;
                vector.noNulls &= present;
            } catch (DateTimeException | ArithmeticException e) {
                throw refused(row, number, i, e.getMessage(), e);
            }
        }
        batch.size = at + 1;
    }

    private GranaryException refused(ResultSet row, long number, int column, String reason, Exception cause)
            throws SQLException {
        String key = identified < 0 ? "" : " (" + names.get(identified) + " " + row.getString(identified + 1) + ")";
        return new GranaryException(
                ErrorCode.DATA,
                "row " + number + key + ", column " + names.get(column) + ": '" + row.getString(column + 1)
                        + "' cannot be kept as " + types.get(column) + ": " + reason
                        + ". Correct the row, or offer the column through a view that says what it shall be"
                        + " (such as NULLIF(" + names.get(column) + ", '0000-00-00')).",
                cause);
    }

    private static Cell cell(TypeDescription type) {
        return switch (type.getCategory()) {
            case BYTE, SHORT, INT, LONG -> RowToOrc::integer;
            case FLOAT ->
                (row, column, vector, at) -> {
                    ((DoubleColumnVector) vector).vector[at] = row.getFloat(column);
                    return !row.wasNull();
                };
            case DOUBLE ->
                (row, column, vector, at) -> {
                    ((DoubleColumnVector) vector).vector[at] = row.getDouble(column);
                    return !row.wasNull();
                };
            case DECIMAL -> decimal(type.getPrecision(), type.getScale());
            case STRING -> RowToOrc::string;
            case BINARY -> RowToOrc::binary;
            case DATE -> RowToOrc::date;
            case TIMESTAMP -> RowToOrc::timestamp;
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION, "the native engine cannot write a column of type " + type);
        };
    }

    private static boolean integer(ResultSet row, int column, ColumnVector vector, int at) throws SQLException {
        ((LongColumnVector) vector).vector[at] = row.getLong(column);
        return !row.wasNull();
    }

    private static Cell decimal(int precision, int scale) {
        return (row, column, vector, at) -> {
            BigDecimal value = row.getBigDecimal(column);
            if (value == null) {
                return false;
            }
            BigDecimal exact = value.setScale(scale);
            if (exact.precision() > precision) {
                throw new ArithmeticException("it has " + exact.precision() + " digits");
            }
            ((DecimalColumnVector) vector).set(at, HiveDecimal.create(exact));
            return true;
        };
    }

    private static boolean string(ResultSet row, int column, ColumnVector vector, int at) throws SQLException {
        String value = row.getString(column);
        if (value == null) {
            return false;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        ((BytesColumnVector) vector).setRef(at, bytes, 0, bytes.length);
        return true;
    }

    private static boolean binary(ResultSet row, int column, ColumnVector vector, int at) throws SQLException {
        byte[] value = row.getBytes(column);
        if (value == null) {
            return false;
        }
        ((BytesColumnVector) vector).setRef(at, value, 0, value.length);
        return true;
    }

    private static boolean date(ResultSet row, int column, ColumnVector vector, int at) throws SQLException {
        String text = row.getString(column);
        if (text == null) {
            return false;
        }
        ((LongColumnVector) vector).vector[at] = WallClock.date(text).toEpochDay();
        return true;
    }

    private static boolean timestamp(ResultSet row, int column, ColumnVector vector, int at) throws SQLException {
        String text = row.getString(column);
        if (text == null) {
            return false;
        }
        Instant value = WallClock.dateTime(text).toInstant(ZoneOffset.UTC);
        if (value.getEpochSecond() == -1 && value.getNano() > 0) {
            throw new DateTimeException("ORC cannot tell the second before 1970 from the one after it");
        }
        TimestampColumnVector times = (TimestampColumnVector) vector;
        times.time[at] = value.toEpochMilli();
        times.nanos[at] = value.getNano();
        return true;
    }
}
