package io.granary.serving;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The query parameters of a request: each given at most once, none that the path does not know. */
final class Parameters {
    /** Prefix of the parameters that give a counter's dimensions. */
    static final String BY = "by.";

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Takes a query's parameters.
     *
     * @param known names the path takes; {@link #BY} stands for every name that begins so
     * @throws GranaryException USAGE for an unknown or a repeated one
     */
    static Parameters of(Map<String, List<String>> given, Set<String> known) {
        Map<String, String> values = new LinkedHashMap<>();
        given.forEach((name, all) -> {
            if (!known.contains(name) && !(known.contains(BY) && name.startsWith(BY))) {
                throw usage("unknown query parameter '" + shorten(name) + "'."
                        + Nearest.hint(shorten(name), spoken(known)));
            }
            if (all.size() != 1) {
                throw usage("query parameter '" + shorten(name) + "' is given " + all.size() + " times; give it once.");
            }
            values.put(name, all.get(0));
        });
        return new Parameters(values);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String required(String name, String example) {
        return text(name)
                .orElseThrow(() -> usage(
                        "query parameter '" + name + "' is missing. Add it, such as " + name + "=" + example + "."));
    }

    /** A day, {@code yyyy-MM-dd}. */
    Optional<LocalDate> day(String name) {
        return text(name).map(text -> {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                throw usage("'" + name + "' is '" + shorten(text) + "', not a day. Write it as 2026-11-01.");
            }
        });
    }

    /** An instant in ISO 8601; for windows of a day also a date, meaning its midnight in {@code zone}. */
    Instant instant(String name, String window, ZoneId zone) {
        String text = required(name, window.equals("1d") ? "2026-11-01" : "2026-11-01T10:05:00Z");
        Instant found;
        try {
            if (window.equals("1d") && DATE.matcher(text).matches()) {
                found = LocalDate.parse(text).atStartOfDay(zone).toInstant();
            } else {
                found = OffsetDateTime.parse(text).toInstant();
            }
        } catch (DateTimeParseException e) {
            throw usage("'" + name + "' is '" + shorten(text) + "', not a time. Write it with its zone, such as"
                    + " 2026-11-01T10:05:00Z (a + is written %2B in a URL).");
        }
        if (found.isBefore(FIRST) || found.isAfter(LAST)) {
            throw usage("'" + name + "' is '" + shorten(text) + "', outside of 1970 to 9999.");
        }
        return found;
    }

    /** The values of the dimensions, in their order; all must be there and no other. */
    List<String> by(List<String> dimensions) {
        List<String> found = new ArrayList<>(dimensions.size());
        for (String dimension : dimensions) {
            found.add(required(BY + dimension, "…"));
        }
        for (String name : values.keySet()) {
            if (name.startsWith(BY) && !dimensions.contains(name.substring(BY.length()))) {
                throw usage("the counter has no dimension '" + shorten(name.substring(BY.length())) + "'; it has "
                        + (dimensions.isEmpty() ? "none" : String.join(", ", dimensions)) + ".");
            }
        }
        return found;
    }

    /** The dimensions that a value is given for. */
    Set<String> dimensions() {
        return values.keySet().stream()
                .filter(name -> name.startsWith(BY))
                .map(name -> name.substring(BY.length()))
                .collect(Collectors.toSet());
    }

    static GranaryException usage(String message) {
        return new GranaryException(ErrorCode.USAGE, message);
    }

    /** What a caller sent, short enough for a message and without control characters. */
    static String shorten(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 80 ? clean : clean.substring(0, 80) + "…";
    }

    private static List<String> spoken(Set<String> known) {
        return known.stream()
                .map(name -> name.equals(BY) ? "by.<dimension>" : name)
                .toList();
    }
}
