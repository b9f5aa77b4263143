package io.granary.batch.sql;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** A cell as text: decimals exact and without exponent, timestamps as the session's UTC, bytes as hexadecimal digits. */
final class Cells {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private Cells() {}

    /** Never called for NULL. */
    static String text(Object cell) {
        if (cell instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (cell instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (cell instanceof Timestamp timestamp) {
            return timestamp(timestamp);
        }
        return cell.toString();
    }

    /** As Spark prints it: no fraction where there is none. */
    private static String timestamp(Timestamp timestamp) {
        String seconds = timestamp.toLocalDateTime().format(SECONDS);
        if (timestamp.getNanos() == 0) {
            return seconds;
        }
        String fraction = String.format(java.util.Locale.ROOT, "%09d", timestamp.getNanos());
        return seconds + "." + fraction.replaceAll("0+$", "");
    }

    static boolean isNumber(Object cell) {
        return cell instanceof Number;
    }
}
