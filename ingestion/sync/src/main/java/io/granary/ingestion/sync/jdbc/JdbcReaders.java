package io.granary.ingestion.sync.jdbc;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.apache.hadoop.hive.common.type.HiveDecimal;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.TypeDescription;

/** Cell readers for any driver: through the objects of JDBC. */
final class JdbcReaders {
    private JdbcReaders() {}

    static CellReader of(TypeDescription target) {
        return switch (target.getCategory()) {
            case BOOLEAN, BYTE, SHORT, INT, LONG ->
                (row, column, vector, at) -> {
                    ((LongColumnVector) vector).vector[at] = row.getLong(column);
                    return present(row, Long.BYTES);
                };
            case FLOAT ->
                (row, column, vector, at) -> {
                    ((DoubleColumnVector) vector).vector[at] = row.getFloat(column);
                    return present(row, Float.BYTES);
                };
            case DOUBLE ->
                (row, column, vector, at) -> {
                    ((DoubleColumnVector) vector).vector[at] = row.getDouble(column);
                    return present(row, Double.BYTES);
                };
            case DECIMAL -> decimal(target.getPrecision(), target.getScale());
            case STRING, VARCHAR, CHAR -> JdbcReaders::text;
            case BINARY -> (row, column, vector, at) -> bytes(row.getBytes(column), vector, at);
            case DATE -> JdbcReaders::date;
            case TIMESTAMP -> JdbcReaders::timestamp;
            default -> throw WireReaders.unknown(target);
        };
    }

    private static int present(ResultSet row, int bytes) throws SQLException {
        return row.wasNull() ? CellReader.NULL : bytes;
    }

    private static CellReader decimal(int precision, int scale) {
        return (row, column, vector, at) -> {
            BigDecimal value = row.getBigDecimal(column);
            if (value == null) {
                return CellReader.NULL;
            }
            BigDecimal exact = value.setScale(scale);
            if (exact.precision() > precision) {
                throw new ArithmeticException("it has " + exact.precision() + " digits");
            }
            ((DecimalColumnVector) vector).set(at, HiveDecimal.create(exact));
            return Long.BYTES;
        };
    }

    private static int text(ResultSet row, int column, ColumnVector vector, int at) throws SQLException {
        String text = row.getString(column);
        return bytes(text == null ? null : text.getBytes(StandardCharsets.UTF_8), vector, at);
    }

    private static int bytes(byte[] bytes, ColumnVector vector, int at) {
        if (bytes == null) {
            return CellReader.NULL;
        }
        ((BytesColumnVector) vector).setRef(at, bytes, 0, bytes.length);
        return bytes.length;
    }

    private static int date(ResultSet row, int column, ColumnVector vector, int at) throws SQLException {
        LocalDate date = row.getObject(column, LocalDate.class);
        if (date == null) {
            return CellReader.NULL;
        }
        ((LongColumnVector) vector).vector[at] = date.toEpochDay();
        return Long.BYTES;
    }

    private static int timestamp(ResultSet row, int column, ColumnVector vector, int at) throws SQLException {
        LocalDateTime time = row.getObject(column, LocalDateTime.class);
        if (time == null) {
            return CellReader.NULL;
        }
        WallClock.set((TimestampColumnVector) vector, at, time.toEpochSecond(ZoneOffset.UTC), time.getNano());
        return Long.BYTES;
    }
}
