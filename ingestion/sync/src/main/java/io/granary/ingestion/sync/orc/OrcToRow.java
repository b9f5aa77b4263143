package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.jdbc.WallClock;
import io.granary.ingestion.sync.row.CellText;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.util.Arrays;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** Binds one row of ORC vectors to the parameters of an INSERT, cell by cell, without losing a digit. */
public final class OrcToRow {
    /** Binds a value that is not NULL. */
    private interface Cell {
        void bind(ColumnVector vector, int at, PreparedStatement insert, int parameter) throws SQLException;
    }

    private final Cell[] cells;

    /** @param schema of the rows, in the order of the parameters */
    public OrcToRow(TypeDescription schema) {
        this.cells = new Cell[schema.getChildren().size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cell(schema.getChildren().get(i), schema.getFieldNames().get(i));
        }
    }

    /** @throws GranaryException when a database cannot hold a value */
    public void bind(VectorizedRowBatch batch, int at, PreparedStatement insert) throws SQLException {
        for (int i = 0; i < cells.length; i++) {
            ColumnVector vector = batch.cols[i];
            int row = vector.isRepeating ? 0 : at;
            if (!vector.noNulls && vector.isNull[row]) {
                insert.setNull(i + 1, Types.NULL);
            } else {
                cells[i].bind(vector, row, insert, i + 1);
            }
        }
    }

    private static Cell cell(TypeDescription type, String name) {
        return switch (type.getCategory()) {
            case BOOLEAN, BYTE, SHORT, INT, LONG ->
                (vector, at, insert, parameter) -> insert.setLong(parameter, ((LongColumnVector) vector).vector[at]);
            case FLOAT ->
                (vector, at, insert, parameter) ->
                        insert.setFloat(parameter, (float) finite(((DoubleColumnVector) vector).vector[at], name));
            case DOUBLE ->
                (vector, at, insert, parameter) ->
                        insert.setDouble(parameter, finite(((DoubleColumnVector) vector).vector[at], name));
            case DECIMAL ->
                (vector, at, insert, parameter) -> insert.setBigDecimal(
                        parameter,
                        ((DecimalColumnVector) vector)
                                .vector[at]
                                .getHiveDecimal()
                                .bigDecimalValue());
            case STRING, VARCHAR, CHAR -> OrcToRow::string;
            case BINARY -> OrcToRow::binary;
            case DATE ->
                (vector, at, insert, parameter) -> insert.setString(
                        parameter,
                        LocalDate.ofEpochDay(((LongColumnVector) vector).vector[at])
                                .toString());
            case TIMESTAMP, TIMESTAMP_INSTANT -> OrcToRow::timestamp;
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "column " + name + " is " + type + ", which a database table cannot hold. Leave it out of the"
                                + " exported model, or make a text of it there.");
        };
    }

    private static double finite(double value, String name) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new GranaryException(
                    ErrorCode.DATA, "column " + name + " holds " + value + ", which a database cannot hold");
        }
        return value;
    }

    private static void string(ColumnVector vector, int at, PreparedStatement insert, int parameter)
            throws SQLException {
        BytesColumnVector bytes = (BytesColumnVector) vector;
        insert.setString(
                parameter, new String(bytes.vector[at], bytes.start[at], bytes.length[at], StandardCharsets.UTF_8));
    }

    private static void binary(ColumnVector vector, int at, PreparedStatement insert, int parameter)
            throws SQLException {
        BytesColumnVector bytes = (BytesColumnVector) vector;
        insert.setBytes(
                parameter, Arrays.copyOfRange(bytes.vector[at], bytes.start[at], bytes.start[at] + bytes.length[at]));
    }

    private static void timestamp(ColumnVector vector, int at, PreparedStatement insert, int parameter)
            throws SQLException {
        insert.setString(parameter, WallClock.text(CellText.dateTime((TimestampColumnVector) vector, at)));
    }
}
