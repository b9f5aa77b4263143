package io.granary.warehouse.log.format;

import java.util.List;
import java.util.Locale;

/**
 * What a line of a log looks like.
 *
 * @param name as messages call it: {@code combined}, {@code common}, {@code w3c}, {@code json}, or empty
 * @param head literal in front of the first slot
 * @param slots from left to right; none in JSON
 * @param eventTime name of the column with the time of the event; null in JSON that declares none
 */
public record LineFormat(
        String name, Style style, String head, List<Slot> slots, List<FormatColumn> columns, String eventTime) {
    private static final String COMBINED = "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"";
    private static final String COMMON = "%h %l %u %t \"%r\" %>s %b";

    /** The kinds of formats that there are, for messages. */
    public static final String KNOWN = "combined, common, json, w3c: FIELDS, or a LogFormat of Apache (%h %t …) or"
            + " log_format of nginx ($remote_addr $time_local …)";

    /** How text is written in a line. */
    public enum Style {
        /** Backslash escapes of Apache and nginx; {@code -} is no value. */
        ESCAPED,
        /** Escapes of JSON (nginx's {@code escape=json}); an empty text is no value. */
        JSON_ESCAPED,
        /** As it came (nginx's {@code escape=none}); an empty text is no value. */
        RAW,
        /** Words; quoted strings double their quotes; {@code -} is no value; lines with {@code #} are directives. */
        W3C,
        /** One JSON object a line. */
        JSON
    }

    public LineFormat {
        slots = List.copyOf(slots);
        columns = List.copyOf(columns);
    }

    /**
     * Reads a format: {@code combined}, {@code common}, {@code w3c: date time …}, {@code json: a string, b bigint},
     * {@code json(event_at): …}, or a format string of nginx ({@code $name}) or Apache ({@code %x}).
     *
     * @throws FormatException when it cannot be understood
     */
    public static LineFormat of(String text) {
        String format = text.strip();
        String lower = format.toLowerCase(Locale.ROOT);
        if (lower.equals("combined")) {
            return ApacheFormat.of("combined", COMBINED);
        }
        if (lower.equals("common")) {
            return ApacheFormat.of("common", COMMON);
        }
        if (lower.startsWith("w3c:")) {
            return W3cFormat.of(format.substring("w3c:".length()));
        }
        if (lower.matches("(?s)json(\\([^)]*\\))?:.*")) {
            return JsonFormat.of(format);
        }
        if (NginxFormat.isOne(format)) {
            return NginxFormat.of(format);
        }
        if (ApacheFormat.isOne(format)) {
            return ApacheFormat.of("", format);
        }
        throw new FormatException("format '" + text + "' is unknown", "known formats: " + KNOWN);
    }

    /** The text that {@link #of} reads as JSON with these columns. */
    public static String json(List<FormatColumn> columns, String eventTime) {
        return JsonFormat.text(columns, eventTime);
    }

    /** Index of the column with the time of the event; -1 when there is none. */
    public int eventTimeColumn() {
        return columns.stream().map(FormatColumn::name).toList().indexOf(String.valueOf(eventTime));
    }
}
