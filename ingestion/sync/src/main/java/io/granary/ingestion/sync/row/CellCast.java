package io.granary.ingestion.sync.row;

import io.granary.ingestion.sync.jdbc.WallClock;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Set;
import org.apache.hadoop.hive.common.type.HiveDecimal;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.TypeDescription;
import org.apache.orc.TypeDescription.Category;

/** Casts a value that is not NULL to another type; one that the type cannot hold exactly is refused, never cut. */
public interface CellCast {
    Set<Category> INTEGERS = Set.of(Category.BOOLEAN, Category.BYTE, Category.SHORT, Category.INT, Category.LONG);
    int MOST_DIGITS = 1000;
    Set<Category> TEXTS = Set.of(Category.STRING, Category.VARCHAR, Category.CHAR);

    /**
     * Casts the value at {@code from} of one vector to {@code to} of the other.
     *
     * @throws ArithmeticException when the type cannot hold the value
     * @throws DateTimeException when the value is no date or time of the calendar
     */
    void cast(ColumnVector in, int from, ColumnVector out, int to);

    /** The cast between two types, by way of a number where both are numbers, else by way of text. */
    static CellCast between(TypeDescription from, TypeDescription to) {
        Category category = to.getCategory();
        if (category == Category.BINARY || from.getCategory() == Category.BINARY) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, "a column of type " + from + " cannot be written as " + to);
        }
        if (isNumber(from) && isNumber(to)) {
            return (in, at, out, row) -> put(to, number(from, in, at), out, row);
        }
        if (from.getCategory() == Category.DATE && category == Category.TIMESTAMP) {
            return (in, at, out, row) ->
                    put(LocalDate.ofEpochDay(((LongColumnVector) in).vector[at]).atStartOfDay(), out, row);
        }
        return (in, at, out, row) -> parse(to, CellText.of(from, in, at), out, row);
    }

    private static boolean isNumber(TypeDescription type) {
        Category category = type.getCategory();
        return INTEGERS.contains(category) && category != Category.BOOLEAN
                || category == Category.FLOAT
                || category == Category.DOUBLE
                || category == Category.DECIMAL;
    }

    private static BigDecimal number(TypeDescription type, ColumnVector vector, int at) {
        return switch (type.getCategory()) {
            case FLOAT -> new BigDecimal(Float.toString((float) finite(((DoubleColumnVector) vector).vector[at])));
            case DOUBLE -> BigDecimal.valueOf(finite(((DoubleColumnVector) vector).vector[at]));
            case DECIMAL ->
                ((DecimalColumnVector) vector).vector[at].getHiveDecimal().bigDecimalValue();
            default -> BigDecimal.valueOf(((LongColumnVector) vector).vector[at]);
        };
    }

    private static double finite(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new ArithmeticException(value + " is no number");
        }
        return value;
    }

    /** Parses a text as a value of the type. */
    static void parse(TypeDescription type, String text, ColumnVector out, int row) {
        switch (type.getCategory()) {
            case BOOLEAN -> ((LongColumnVector) out).vector[row] = truth(text);
            case BYTE, SHORT, INT, LONG, FLOAT, DOUBLE, DECIMAL -> put(type, parsed(text), out, row);
            case DATE -> ((LongColumnVector) out).vector[row] = date(text).toEpochDay();
            case TIMESTAMP, TIMESTAMP_INSTANT ->
                put(
                        text.length() == "yyyy-MM-dd".length()
                                ? WallClock.date(text).atStartOfDay()
                                : WallClock.dateTime(text),
                        out,
                        row);
            default -> {
                fits(type, text);
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                ((BytesColumnVector) out).setRef(row, bytes, 0, bytes.length);
            }
        }
    }

    private static BigDecimal parsed(String text) {
        try {
            BigDecimal number = new BigDecimal(text.trim());
            // 1e999999999 is short to write and does not fit into memory with all its digits
            if (Math.abs((long) number.scale()) <= MOST_DIGITS) {
                return number;
            }
            throw new ArithmeticException("'" + DirtyRow.shown(null, text) + "' has too many digits");
        } catch (NumberFormatException e) {
            throw new ArithmeticException("'" + DirtyRow.shown(null, text) + "' is no number");
        }
    }

    private static long truth(String text) {
        return switch (text) {
            case "true", "1" -> 1;
            case "false", "0" -> 0;
            default -> throw new ArithmeticException("'" + DirtyRow.shown(null, text) + "' is neither true nor false");
        };
    }

    private static LocalDate date(String text) {
        if (text.length() == "yyyy-MM-dd".length()) {
            return WallClock.date(text);
        }
        LocalDateTime time = WallClock.dateTime(text);
        if (!time.toLocalTime().equals(LocalTime.MIDNIGHT)) {
            throw new DateTimeException("'" + text + "' has a time, the column is a date");
        }
        return time.toLocalDate();
    }

    private static void fits(TypeDescription type, String text) {
        if (type.getCategory() != Category.STRING && text.codePointCount(0, text.length()) > type.getMaxLength()) {
            throw new ArithmeticException(text.codePointCount(0, text.length()) + " characters do not fit " + type);
        }
    }

    private static void put(LocalDateTime value, ColumnVector out, int row) {
        Instant instant = value.toInstant(ZoneOffset.UTC);
        TimestampColumnVector times = (TimestampColumnVector) out;
        times.time[row] = instant.toEpochMilli();
        times.nanos[row] = instant.getNano();
    }

    private static void put(TypeDescription type, BigDecimal value, ColumnVector out, int row) {
        switch (type.getCategory()) {
            case FLOAT, DOUBLE -> ((DoubleColumnVector) out).vector[row] = value.doubleValue();
            case DECIMAL -> {
                BigDecimal exact = exact(value, type.getScale(), type);
                if (exact.precision() > type.getPrecision()) {
                    throw new ArithmeticException(value.toPlainString() + " does not fit " + type);
                }
                ((DecimalColumnVector) out).set(row, HiveDecimal.create(exact));
            }
            default -> {
                long number = exact(value, 0, type).longValueExact();
                int bits = bits(type.getCategory());
                if (bits < Long.SIZE && (number < -(1L << (bits - 1)) || number >= 1L << (bits - 1))) {
                    throw new ArithmeticException(number + " does not fit " + type);
                }
                ((LongColumnVector) out).vector[row] = number;
            }
        }
    }

    private static BigDecimal exact(BigDecimal value, int scale, TypeDescription type) {
        try {
            return value.setScale(scale);
        } catch (ArithmeticException e) {
            throw new ArithmeticException(value.toPlainString() + " has more digits than " + type);
        }
    }

    /** How many bits an integer type has. */
    static int bits(Category category) {
        return switch (category) {
            case BOOLEAN -> 1;
            case BYTE -> Byte.SIZE;
            case SHORT -> Short.SIZE;
            case INT -> Integer.SIZE;
            default -> Long.SIZE;
        };
    }
}
