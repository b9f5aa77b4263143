package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.TypeDescription;

/** Cell readers for drivers that hand over the bytes of a value as text. */
final class WireReaders {
    /** Where the bytes of a cell come from. */
    @FunctionalInterface
    interface Wire {
        /** @return null when the cell is NULL */
        WireText read(ResultSet row, int column) throws SQLException;
    }

    @FunctionalInterface
    private interface Copy {
        void copy(WireText text, ColumnVector vector, int at);
    }

    private WireReaders() {}

    static CellReader of(Wire wire, TypeDescription target, ZeroDates zeroDates) {
        return switch (target.getCategory()) {
            case BOOLEAN, BYTE, SHORT, INT, LONG ->
                reader(wire, (text, vector, at) -> ((LongColumnVector) vector).vector[at] = text.integer());
            case FLOAT ->
                reader(
                        wire,
                        (text, vector, at) ->
                                ((DoubleColumnVector) vector).vector[at] = Float.parseFloat(text.toString()));
            case DOUBLE -> reader(wire, (text, vector, at) -> ((DoubleColumnVector) vector).vector[at] = text.number());
            case DECIMAL -> {
                int precision = target.getPrecision();
                int scale = target.getScale();
                yield reader(
                        wire, (text, vector, at) -> text.copyTo((DecimalColumnVector) vector, at, precision, scale));
            }
            case STRING, VARCHAR, CHAR, BINARY ->
                reader(wire, (text, vector, at) -> text.copyTo((BytesColumnVector) vector, at));
            case DATE ->
                dates(wire, zeroDates, (text, vector, at) -> ((LongColumnVector) vector).vector[at] = text.epochDay());
            case TIMESTAMP ->
                dates(wire, zeroDates, (text, vector, at) -> text.copyTo((TimestampColumnVector) vector, at));
            default -> throw unknown(target);
        };
    }

    static GranaryException unknown(TypeDescription target) {
        return new GranaryException(
                ErrorCode.DEFINITION, "a database column cannot be read into a column of type " + target);
    }

    private static CellReader reader(Wire wire, Copy copy) {
        return (row, column, vector, at) -> {
            WireText text = wire.read(row, column);
            if (text == null) {
                return CellReader.NULL;
            }
            copy.copy(text, vector, at);
            return text.length();
        };
    }

    private static CellReader dates(Wire wire, ZeroDates zeroDates, Copy copy) {
        return (row, column, vector, at) -> {
            WireText text = wire.read(row, column);
            if (text == null) {
                return CellReader.NULL;
            }
            if (text.isZeroDate()) {
                if (zeroDates == ZeroDates.NULL) {
                    return CellReader.NULL;
                }
                throw new DateTimeException("no calendar has this date");
            }
            copy.copy(text, vector, at);
            return text.length();
        };
    }
}
