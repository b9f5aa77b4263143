package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts a table's rows into ranges of a key, each row in exactly one. The first and the last range are open, so that rows
 * which come later are in one too; rows without a key have their own.
 */
public final class KeyRanges {
    private static final String ALL = "1 = 1";

    private KeyRanges() {}

    /**
     * Cuts.
     *
     * <p>Whole numbers, decimals and dates are cut in halves where the database's plan expects most rows, which costs no
     * scan; other keys at the quantiles that the database finds in one scan of the key.
     *
     * @param condition SQL that all the rows meet, or null
     * @param parts how many ranges are wanted; there may be fewer
     * @return SQL conditions, {@code condition} in each
     */
    public static List<String> cut(Database database, String table, String splitKey, String condition, int parts) {
        String all = condition == null ? ALL : "(" + condition + ")";
        if (splitKey == null || parts <= 1) {
            return List.of(all);
        }
        DatabaseColumn key = database.columns(table, List.of(splitKey)).get(0);
        if (Set.of("binary", "boolean").contains(key.hiveType())
                || key.sourceType().startsWith("bit")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "split key '" + splitKey + "' of table " + table + " is " + key.sourceType()
                            + "; it is a number, a text or a date");
        }
        List<String> cuts = Axis.of(key)
                .flatMap(axis -> new Halves(database, table, key, all, axis).cuts(parts))
                .orElseGet(() -> quantiles(database, table, key, all, parts));
        return conditions(database.dialect().quoted(key.name()), key.nullable(), all, cuts);
    }

    private static List<String> conditions(String key, boolean nullable, String all, List<String> cuts) {
        List<String> conditions = new ArrayList<>();
        String and = all.equals(ALL) ? "" : all + " AND ";
        if (cuts.isEmpty()) {
            return List.of(all);
        }
        conditions.add(and + key + " < " + cuts.get(0));
        for (int i = 1; i < cuts.size(); i++) {
            conditions.add(and + key + " >= " + cuts.get(i - 1) + " AND " + key + " < " + cuts.get(i));
        }
        conditions.add(and + key + " >= " + cuts.get(cuts.size() - 1));
        if (nullable) {
            conditions.add(and + key + " IS NULL");
        }
        return List.copyOf(conditions);
    }

    private static List<String> quantiles(Database database, String table, DatabaseColumn key, String all, int parts) {
        Dialect dialect = database.dialect();
        String name = dialect.quoted(key.name());
        String ranked = "SELECT " + name + " AS k, ntile(" + parts + ") OVER (ORDER BY " + name + ") AS part"
                + database.from(table, all + " AND " + name + " IS NOT NULL");
        String sql = "SELECT k FROM (SELECT k, part, row_number() OVER (PARTITION BY part ORDER BY k) AS place FROM ("
                + ranked + ") ranked) placed WHERE place = 1 ORDER BY part";
        return database.rows(sql, row -> row.getString(1)).stream()
                .skip(1)
                .distinct()
                .map(dialect::literal)
                .toList();
    }

    /** Keys as whole numbers at even distances, and back as literals. */
    private record Axis(boolean days) {
        static Optional<Axis> of(DatabaseColumn key) {
            String type = key.hiveType();
            if (type.equals("int") || type.equals("bigint") || type.startsWith("decimal")) {
                return Optional.of(new Axis(false));
            }
            return type.equals("date") || type.equals("timestamp") ? Optional.of(new Axis(true)) : Optional.empty();
        }

        /** Empty when it is on no calendar. */
        Optional<BigInteger> at(String text) {
            try {
                return Optional.of(
                        days
                                ? BigInteger.valueOf(
                                        WallClock.date(text.substring(0, 10)).toEpochDay())
                                : new BigDecimal(text).toBigInteger());
            } catch (DateTimeException | IndexOutOfBoundsException | NumberFormatException e) {
                return Optional.empty();
            }
        }

        String literal(Dialect dialect, BigInteger at) {
            return days ? dialect.literal(LocalDate.ofEpochDay(at.longValueExact())) : at.toString();
        }
    }

    private record Range(BigInteger from, BigInteger to, long rows) {
        BigInteger width() {
            return to.subtract(from);
        }

        boolean goesBefore(Range other) {
            return rows != other.rows ? rows > other.rows : width().compareTo(other.width()) > 0;
        }
    }

    private record Halves(Database database, String table, DatabaseColumn key, String all, Axis axis) {
        Optional<List<String>> cuts(int parts) {
            String name = database.dialect().quoted(key.name());
            String from = database.from(table, all);
            String min = database.value("SELECT min(" + name + ")" + from);
            String max = database.value("SELECT max(" + name + ")" + from);
            if (min == null) {
                return Optional.of(List.of());
            }
            Optional<BigInteger> first = axis.at(min);
            Optional<BigInteger> last = axis.at(max);
            if (first.isEmpty() || last.isEmpty()) {
                return Optional.empty();
            }
            List<Range> ranges = new ArrayList<>();
            ranges.add(range(first.get(), last.get().add(BigInteger.ONE)));
            while (ranges.size() < parts && halved(ranges)) {
                // until there are enough
            }
            return Optional.of(ranges.stream()
                    .skip(1)
                    .map(r -> axis.literal(database.dialect(), r.from()))
                    .toList());
        }

        private boolean halved(List<Range> ranges) {
            int at = -1;
            for (int i = 0; i < ranges.size(); i++) {
                if (ranges.get(i).width().compareTo(BigInteger.ONE) > 0
                        && (at < 0 || ranges.get(i).goesBefore(ranges.get(at)))) {
                    at = i;
                }
            }
            if (at < 0) {
                return false;
            }
            Range whole = ranges.remove(at);
            BigInteger middle = whole.from().add(whole.width().shiftRight(1));
            ranges.add(at, range(whole.from(), middle));
            ranges.add(at + 1, range(middle, whole.to()));
            return true;
        }

        private Range range(BigInteger from, BigInteger to) {
            String name = database.dialect().quoted(key.name());
            String select = "SELECT 1"
                    + database.from(
                            table,
                            all + " AND " + name + " >= " + axis.literal(database.dialect(), from) + " AND " + name
                                    + " < " + axis.literal(database.dialect(), to));
            return new Range(from, to, database.dialect().estimate(database, select));
        }
    }
}
