package io.granary.ingestion.sync.transform;

import io.granary.ingestion.sync.jdbc.WallClock;
import io.granary.ingestion.sync.job.Transformer;
import io.granary.ingestion.sync.row.CellText;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.TypeDescription;

/**
 * Conditions of {@code dx_filter}: rows that meet them are dropped. NULL meets neither {@code like} nor {@code < <= > >=}; it
 * meets {@code not like}, {@code = null} and {@code !=} of anything but null.
 */
final class Filters {
    private static final long DAY_MILLIS = 86_400_000L;

    /** What {@link Comparison} answers for NaN, which is neither less nor equal nor greater. */
    private static final int UNORDERED = 2;

    /** Compares a value with the filter's: -1, 0, 1, or {@link #UNORDERED}. */
    private interface Comparison {
        int compare(ColumnVector vector, int at);
    }

    private record Test(Comparison comparison, IntPredicate sign, boolean meetsNull) implements ValueTest {
        @Override
        public boolean meets(ColumnVector vector, int at) {
            return sign.test(comparison.compare(vector, at));
        }
    }

    private record Like(TypeDescription type, Pattern pattern, boolean not) implements ValueTest {
        @Override
        public boolean meets(ColumnVector vector, int at) {
            return pattern.matcher(DataxText.of(type, vector, at)).matches() != not;
        }

        @Override
        public boolean meetsNull() {
            return not;
        }
    }

    /** No value of the column is equal: the filter is about NULL. */
    private record OnlyNull(boolean equal) implements ValueTest {
        @Override
        public boolean meets(ColumnVector vector, int at) {
            return !equal;
        }

        @Override
        public boolean meetsNull() {
            return equal;
        }
    }

    private Filters() {}

    static ValueTest of(Transformer transformer, TypeDescription type) {
        Parameters parameters = Parameters.of(transformer, 2);
        String operator = parameters.text(0).toLowerCase(Locale.ROOT);
        String value = parameters.text(1);
        if (value.isEmpty()) {
            throw parameters.refused("the value to compare with is empty");
        }
        boolean isNull = value.equalsIgnoreCase("null");
        return switch (operator) {
            case "like" -> new Like(type, pattern(parameters, value), false);
            case "not like" -> new Like(type, pattern(parameters, value), true);
            case ">" -> new Test(comparison(parameters, type, value), sign -> sign == 1, false);
            case ">=" -> new Test(comparison(parameters, type, value), sign -> sign == 0 || sign == 1, false);
            case "<" -> new Test(comparison(parameters, type, value), sign -> sign == -1, false);
            case "<=" -> new Test(comparison(parameters, type, value), sign -> sign == 0 || sign == -1, false);
            case "=", "==" ->
                isNull && !isText(type)
                        ? new OnlyNull(true)
                        : new Test(comparison(parameters, type, value), sign -> sign == 0, isNull);
            case "!=" ->
                isNull && !isText(type)
                        ? new OnlyNull(false)
                        : new Test(comparison(parameters, type, value), sign -> sign != 0, !isNull);
            default ->
                throw parameters.refused("operator '" + parameters.text(0)
                        + "' is not supported; there are like, not like, >, >=, <, <=," + " =, ==, !=");
        };
    }

    private static boolean isText(TypeDescription type) {
        return switch (type.getCategory()) {
            case STRING, VARCHAR, CHAR, BINARY, BOOLEAN -> true;
            default -> false;
        };
    }

    private static Pattern pattern(Parameters parameters, String value) {
        try {
            return Pattern.compile(value);
        } catch (PatternSyntaxException e) {
            throw parameters.refused("pattern '" + value + "': " + e.getDescription() + " at " + e.getIndex());
        }
    }

    private static Comparison comparison(Parameters parameters, TypeDescription type, String value) {
        if (isText(type)) {
            return (vector, at) -> Integer.signum(DataxText.of(type, vector, at).compareTo(value));
        }
        try {
            return switch (type.getCategory()) {
                case FLOAT, DOUBLE -> doubles(Double.parseDouble(value));
                case DECIMAL -> decimals(new BigDecimal(value));
                case DATE -> {
                    long millis = millis(value);
                    yield (vector, at) -> Long.compare(((LongColumnVector) vector).vector[at] * DAY_MILLIS, millis);
                }
                case TIMESTAMP, TIMESTAMP_INSTANT -> {
                    long millis = millis(value);
                    yield (vector, at) -> Long.compare(
                            CellText.dateTime((TimestampColumnVector) vector, at)
                                    .toInstant(ZoneOffset.UTC)
                                    .toEpochMilli(),
                            millis);
                }
                default -> {
                    long number = Long.parseLong(value);
                    yield (vector, at) -> Long.compare(((LongColumnVector) vector).vector[at], number);
                }
            };
        } catch (NumberFormatException | DateTimeException e) {
            throw parameters.refused("'" + value + "' cannot be compared with a column of type " + type);
        }
    }

    private static Comparison doubles(double value) {
        return (vector, at) -> {
            double found = ((DoubleColumnVector) vector).vector[at];
            return found == value ? 0 : found < value ? -1 : found > value ? 1 : UNORDERED;
        };
    }

    private static Comparison decimals(BigDecimal value) {
        return (vector, at) -> ((DecimalColumnVector) vector)
                .vector[at]
                .getHiveDecimal()
                .bigDecimalValue()
                .compareTo(value);
    }

    /** Milliseconds as DataX takes them, or a date or date-time as text; either way of the wall clock as if it were UTC. */
    private static long millis(String value) {
        if (value.matches("-?\\d+")) {
            return Long.parseLong(value);
        }
        if (value.length() == "yyyy-MM-dd".length()) {
            return LocalDate.parse(value).toEpochDay() * DAY_MILLIS;
        }
        return WallClock.dateTime(value).toInstant(ZoneOffset.UTC).toEpochMilli();
    }
}
