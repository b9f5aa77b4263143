package io.granary.ingestion.sync.row;

import io.granary.ingestion.sync.jdbc.WallClock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/**
 * Values as text: {@code 2026-11-01}, {@code 2026-11-01 10:05:00.000000}, decimals with all digits of their scale, binaries
 * as hexadecimal digits.
 */
public final class CellText {
    private CellText() {}

    /** A value that is not NULL; {@code at} is its place in the vector. */
    public static String of(TypeDescription type, ColumnVector vector, int at) {
        return switch (type.getCategory()) {
            case BOOLEAN -> Boolean.toString(((LongColumnVector) vector).vector[at] != 0);
            case BYTE, SHORT, INT, LONG -> Long.toString(((LongColumnVector) vector).vector[at]);
            case DATE ->
                LocalDate.ofEpochDay(((LongColumnVector) vector).vector[at]).toString();
            case FLOAT -> Float.toString((float) ((DoubleColumnVector) vector).vector[at]);
            case DOUBLE -> Double.toString(((DoubleColumnVector) vector).vector[at]);
            case DECIMAL -> ((DecimalColumnVector) vector).vector[at].toFormatString(type.getScale());
            case TIMESTAMP, TIMESTAMP_INSTANT -> WallClock.text(dateTime((TimestampColumnVector) vector, at));
            case BINARY -> {
                BytesColumnVector bytes = (BytesColumnVector) vector;
                yield HexFormat.of()
                        .formatHex(Arrays.copyOfRange(
                                bytes.vector[at], bytes.start[at], bytes.start[at] + bytes.length[at]));
            }
            case STRING, VARCHAR, CHAR -> {
                BytesColumnVector bytes = (BytesColumnVector) vector;
                yield new String(bytes.vector[at], bytes.start[at], bytes.length[at], StandardCharsets.UTF_8);
            }
            default -> throw new IllegalArgumentException("no " + type + " travels in rows");
        };
    }

    /** The wall clock in a vector of times. */
    public static LocalDateTime dateTime(TimestampColumnVector times, int at) {
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(times.time[at], 1000L), times.nanos[at]);
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    /** A row for people: long values are cut, those of columns named {@code *password*} or {@code *secret*} are masked. */
    public static String row(TypeDescription schema, VectorizedRowBatch batch, int row) {
        StringBuilder text = new StringBuilder();
        List<String> names = schema.getFieldNames();
        for (int i = 0; i < names.size(); i++) {
            ColumnVector vector = batch.cols[i];
            int at = vector.isRepeating ? 0 : row;
            text.append(i == 0 ? "" : ", ").append(names.get(i)).append('=');
            if (!vector.noNulls && vector.isNull[at]) {
                text.append("NULL");
            } else {
                text.append(DirtyRow.shown(names.get(i), of(schema.getChildren().get(i), vector, at)));
            }
        }
        return text.toString();
    }
}
