package io.granary.warehouse.command;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --ds}, or {@code --from} and {@code --to}, of a verb that is about days; a mixin. */
public final class DayRangeOptions {
    @Option(names = "--ds", paramLabel = "D", description = "One day, yyyy-MM-dd")
    private LocalDate ds;

    @Option(names = "--from", paramLabel = "A", description = "First day of a range")
    private LocalDate from;

    @Option(names = "--to", paramLabel = "B", description = "Last day of a range")
    private LocalDate to;

    /** Days, both ends included. */
    public record Range(LocalDate from, LocalDate to) {
        public List<LocalDate> days() {
            return from.datesUntil(to.plusDays(1)).toList();
        }
    }

    public boolean isGiven() {
        return ds != null || from != null || to != null;
    }

    /**
     * The days that were given, if any.
     *
     * @param otherwise what else may be given, in words for the message; empty when there is nothing
     * @throws GranaryException when half a range was given, both forms, or a range that ends before it begins
     */
    public Optional<Range> range(String otherwise) {
        return range("--ds", ds, from, to, otherwise);
    }

    /**
     * As {@link #range(String)}, of a verb that calls one day otherwise.
     *
     * @param name option of one day
     * @param one that day; null: not given, as the ends of the range
     */
    public static Optional<Range> range(String name, LocalDate one, LocalDate from, LocalDate to, String otherwise) {
        if (one == null && from == null && to == null) {
            return Optional.empty();
        }
        if (one != null && from == null && to == null) {
            return Optional.of(new Range(one, one));
        }
        if (one != null || from == null || to == null) {
            throw usage("give " + name + " D, or --from A and --to B" + otherwise);
        }
        if (from.isAfter(to)) {
            throw usage("--from " + from + " is after --to " + to);
        }
        return Optional.of(new Range(from, to));
    }

    /** As they were given, for the record of what ran. */
    public Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>();
        put(given, "ds", ds);
        put(given, "from", from);
        put(given, "to", to);
        return given;
    }

    private static void put(Map<String, String> given, String name, LocalDate day) {
        if (day != null) {
            given.put(name, day.toString());
        }
    }

    private static GranaryException usage(String message) {
        return new GranaryException(ErrorCode.USAGE, message);
    }
}
