package io.granary.ingestion.sync.transform;

import io.granary.ingestion.sync.row.CellText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.TypeDescription;

/**
 * Values as the texts that DataX's columns give: date-times to the second, floating numbers without an exponent, binaries as
 * UTF-8. What DataX shifts to its own time zone (GMT+8) stays the wall clock that it is.
 */
final class DataxText {
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private DataxText() {}

    static String of(TypeDescription type, ColumnVector vector, int at) {
        return switch (type.getCategory()) {
            case FLOAT -> plain(Float.toString((float) ((DoubleColumnVector) vector).vector[at]));
            case DOUBLE -> plain(Double.toString(((DoubleColumnVector) vector).vector[at]));
            case TIMESTAMP, TIMESTAMP_INSTANT ->
                DATE_TIME.format(CellText.dateTime((TimestampColumnVector) vector, at));
            case BINARY -> {
                BytesColumnVector bytes = (BytesColumnVector) vector;
                yield new String(bytes.vector[at], bytes.start[at], bytes.length[at], StandardCharsets.UTF_8);
            }
            default -> CellText.of(type, vector, at);
        };
    }

    private static String plain(String number) {
        return number.endsWith("N") || number.endsWith("y") ? number : new BigDecimal(number).toPlainString();
    }
}
