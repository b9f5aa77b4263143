package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.ingestion.sync.jdbc.WallClock;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
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

    /** Where a parameter's value comes from: a file's column, or a constant, or nowhere (NULL). */
    private record Source(int index, Cell cell, String constant) {}

    private final Dialect dialect;
    private final List<Source> sources;

    /** @param file the file's own schema: it decides how a cell is read */
    public OrcToRow(Dialect dialect, List<DataxJob.ReaderColumn> columns, TypeDescription file) {
        this.dialect = dialect;
        this.sources = columns.stream().map(c -> source(c, file)).toList();
    }

    public void bind(VectorizedRowBatch batch, int at, PreparedStatement insert) throws SQLException {
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            if (source.cell() == null) {
                insert.setString(i + 1, source.constant());
                continue;
            }
            ColumnVector vector = batch.cols[source.index()];
            int row = vector.isRepeating ? 0 : at;
            if (!vector.noNulls && vector.isNull[row]) {
                insert.setNull(i + 1, Types.NULL);
            } else {
                source.cell().bind(vector, row, insert, i + 1);
            }
        }
    }

    private Source source(DataxJob.ReaderColumn column, TypeDescription file) {
        List<TypeDescription> types = file.getChildren();
        if (column.index() == null || column.index() >= types.size()) {
            return new Source(-1, null, column.value());
        }
        TypeDescription type = types.get(column.index());
        return new Source(column.index(), cell(type, file.getFieldNames().get(column.index())), null);
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

    private double finite(double value, String name) {
        if (!Double.isFinite(value) && !dialect.holdsInfinity()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "column " + name + " holds " + value + ", which " + dialect.type() + " cannot hold");
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

    private void set(PreparedStatement insert, int parameter, Object date, String text) throws SQLException {
        if (dialect.datesAsText()) {
            insert.setString(parameter, text);
        } else {
            insert.setObject(parameter, date);
        }
    }

    private void timestamp(ColumnVector vector, int at, PreparedStatement insert, int parameter) throws SQLException {
        TimestampColumnVector times = (TimestampColumnVector) vector;
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(times.time[at], 1000L), times.nanos[at]);
        LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        set(insert, parameter, time, WallClock.text(time));
    }
}
