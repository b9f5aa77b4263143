package io.granary.ingestion.sync.row;

import io.granary.ingestion.sync.jdbc.WallClock;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.TypeDescription;

/**
 * A cell as text, the same wherever rows leave as text: {@code true}, {@code -12}, {@code 10.10} with the digits of its
 * type, {@code 2026-11-01}, {@code 2026-11-01 10:05:00} and a fraction of six digits when there is one; bytes in Base64.
 */
@FunctionalInterface
public interface CellText {
    private static int row(ColumnVector vector, int at) {
        return vector.isRepeating ? 0 : at;
    }

    /** The text of a cell that is not NULL; {@code at} is the place in the vector's arrays. */
    String text(ColumnVector vector, int at);

    /** The cell in UTF-8, or null when it is NULL; {@code row} is the row of the batch. */
    default byte[] utf8(ColumnVector vector, int row) {
        int at = row(vector, row);
        if (!vector.noNulls && vector.isNull[at]) {
            return null;
        }
        if (vector instanceof BytesColumnVector bytes && isText()) {
            return bytes(bytes, at);
        }
        return text(vector, at).getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the cells are text already. */
    default boolean isText() {
        return false;
    }

    /**
     * The form of a type.
     *
     * @throws GranaryException when the type has none: a list, a map, a struct
     */
    static CellText of(String column, TypeDescription type) {
        return switch (type.getCategory()) {
            case BOOLEAN -> (vector, at) -> Boolean.toString(((LongColumnVector) vector).vector[at] != 0);
            case BYTE, SHORT, INT, LONG -> (vector, at) -> Long.toString(((LongColumnVector) vector).vector[at]);
            case FLOAT -> (vector, at) -> Float.toString((float) ((DoubleColumnVector) vector).vector[at]);
            case DOUBLE -> (vector, at) -> Double.toString(((DoubleColumnVector) vector).vector[at]);
            case DECIMAL ->
                (vector, at) -> ((DecimalColumnVector) vector)
                        .vector[at]
                        .getHiveDecimal()
                        .toFormatString(type.getScale());
            case DATE ->
                (vector, at) -> LocalDate.ofEpochDay(((LongColumnVector) vector).vector[at])
                        .toString();
            case TIMESTAMP, TIMESTAMP_INSTANT -> CellText::timestamp;
            case STRING, VARCHAR, CHAR -> new Text();
            case BINARY -> (vector, at) -> Base64.getEncoder().encodeToString(bytes((BytesColumnVector) vector, at));
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "column " + column + " is " + type + ", which has no form as text. Make a text of it in the"
                                + " model, or leave it out.");
        };
    }

    private static String timestamp(ColumnVector vector, int at) {
        TimestampColumnVector times = (TimestampColumnVector) vector;
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(times.time[at], 1000L), times.nanos[at]);
        String text = WallClock.text(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
        return text.endsWith(".000000") ? text.substring(0, text.indexOf('.')) : text;
    }

    private static byte[] bytes(BytesColumnVector vector, int at) {
        return Arrays.copyOfRange(vector.vector[at], vector.start[at], vector.start[at] + vector.length[at]);
    }

    /** Text goes as it is. */
    final class Text implements CellText {
        @Override
        public String text(ColumnVector vector, int at) {
            return new String(bytes((BytesColumnVector) vector, at), StandardCharsets.UTF_8);
        }

        @Override
        public boolean isText() {
            return true;
        }
    }
}
