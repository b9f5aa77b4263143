package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.ingestion.sync.jdbc.WallClock;
import io.granary.ingestion.sync.row.CellText;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;
import org.apache.orc.TypeDescription.Category;

/** Binds one row of ORC vectors to the parameters of an INSERT, cell by cell, without losing a digit. */
public final class OrcToRow {
    /** Binds a value that is not NULL. */
    private interface Cell {
        void bind(ColumnVector vector, int at, PreparedStatement insert, int parameter) throws SQLException;
    }

    private static final Set<Category> FLOATING = Set.of(Category.FLOAT, Category.DOUBLE);

    private final Dialect dialect;
    private final Cell[] cells;
    private final List<String> names;
    private final int[] floating;

    /** @param schema of the rows, in the order of the parameters */
    public OrcToRow(Dialect dialect, TypeDescription schema) {
        this.dialect = dialect;
        this.cells = new Cell[schema.getChildren().size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cell(schema.getChildren().get(i), schema.getFieldNames().get(i));
        }
        this.names = schema.getFieldNames();
        this.floating = IntStream.range(0, cells.length)
                .filter(i -> FLOATING.contains(schema.getChildren().get(i).getCategory()))
                .toArray();
    }

    /** Why the database cannot hold the row, or null. */
    public String refusal(VectorizedRowBatch batch, int at) {
        if (dialect.holdsInfinity()) {
            return null;
        }
        for (int column : floating) {
            DoubleColumnVector vector = (DoubleColumnVector) batch.cols[column];
            int row = vector.isRepeating ? 0 : at;
            double value = vector.vector[row];
            if ((vector.noNulls || !vector.isNull[row]) && !Double.isFinite(value)) {
                return "column " + names.get(column) + " holds " + value + ", which " + dialect.type() + " cannot hold";
            }
        }
        return null;
    }

    /** Binds a row that {@link #refusal} has nothing against. */
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

    private Cell cell(TypeDescription type, String name) {
        return switch (type.getCategory()) {
            case BOOLEAN ->
                (vector, at, insert, parameter) ->
                        insert.setBoolean(parameter, ((LongColumnVector) vector).vector[at] != 0);
            case BYTE, SHORT, INT, LONG ->
                (vector, at, insert, parameter) -> insert.setLong(parameter, ((LongColumnVector) vector).vector[at]);
            case FLOAT ->
                (vector, at, insert, parameter) ->
                        insert.setFloat(parameter, (float) ((DoubleColumnVector) vector).vector[at]);
            case DOUBLE ->
                (vector, at, insert, parameter) ->
                        insert.setDouble(parameter, ((DoubleColumnVector) vector).vector[at]);
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
                (vector, at, insert, parameter) -> {
                    LocalDate date = LocalDate.ofEpochDay(((LongColumnVector) vector).vector[at]);
                    set(insert, parameter, date, date.toString());
                };
            case TIMESTAMP, TIMESTAMP_INSTANT -> this::timestamp;
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "column " + name + " is " + type + ", which a database table cannot hold. Leave it out of the"
                                + " exported model, or make a text of it there.");
        };
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

    private void set(PreparedStatement insert, int parameter, Object date, String text) throws SQLException {
        if (dialect.datesAsText()) {
            insert.setString(parameter, text);
        } else {
            insert.setObject(parameter, date);
        }
    }

    private void timestamp(ColumnVector vector, int at, PreparedStatement insert, int parameter) throws SQLException {
        LocalDateTime time = CellText.dateTime((TimestampColumnVector) vector, at);
        set(insert, parameter, time, WallClock.text(time));
    }
}
