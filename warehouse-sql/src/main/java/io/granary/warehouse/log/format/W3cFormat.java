package io.granary.warehouse.log.format;

import io.granary.warehouse.log.format.LineFormat.Style;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * W3C extended log files, as IIS, CloudFront and others write them: the fields of {@code #Fields:}. Date and time are
 * UTC and one column, {@code event_at}.
 */
final class W3cFormat {
    private static final Map<String, String> FIELDS = Map.ofEntries(
            Map.entry("c-ip", "client_ip"),
            Map.entry("cs-username", "user_name"),
            Map.entry("cs-method", "method"),
            Map.entry("cs-uri", "url"),
            Map.entry("cs-uri-stem", "url_path"),
            Map.entry("cs-uri-query", "query"),
            Map.entry("cs-version", "protocol"),
            Map.entry("cs-protocol-version", "protocol"),
            Map.entry("sc-status", "status"),
            Map.entry("sc-bytes", "bytes"),
            Map.entry("cs-bytes", "request_bytes"),
            Map.entry("time-taken", "time_taken"),
            Map.entry("cs-host", "request_host"),
            Map.entry("cs(host)", "request_host"),
            Map.entry("s-ip", "server_ip"),
            Map.entry("s-port", "server_port"),
            Map.entry("c-port", "client_port"),
            Map.entry("cs(user-agent)", "user_agent"),
            Map.entry("cs(referer)", "referrer"));
    private static final Pattern HEADER = Pattern.compile("(cs|sc)\\(([A-Za-z0-9_-]+)\\)");
    private static final Pattern PLAIN = Pattern.compile("(c|s|r|cs|sc|sr|rs|x)-[A-Za-z0-9_()-]+|[a-z][a-z0-9-]*");
    private static final List<String> WHOLE = List.of("sc-substatus");
    private static final List<String> BIG = List.of("sc-win32-status");

    private W3cFormat() {}

    static LineFormat of(String fields) {
        TextFormat format = new TextFormat("w3c", Style.W3C);
        boolean first = true;
        boolean dated = false;
        for (String field : fields.strip().split("\\s+")) {
            if (!first) {
                format.literal(" ");
            }
            first = false;
            dated |= field.equals("date");
            format.slot(field, column(field), null);
        }
        if (!dated) {
            throw new FormatException(
                    "format 'w3c:" + fields + "' has no field date",
                    "events need date and time, such as w3c: date time …");
        }
        return format.build();
    }

    private static Columns.Column column(String field) {
        String name = field.toLowerCase(java.util.Locale.ROOT);
        if (name.equals("date")) {
            Columns.Column event = Columns.of("event_at");
            return new Columns.Column("event_at", ValueKind.DATE, "date", true, event.description());
        }
        if (name.equals("time")) {
            return new Columns.Column("time", ValueKind.TIME_OF_DAY, "time", true, "");
        }
        String known = FIELDS.get(name);
        if (known != null) {
            return Columns.of(known);
        }
        Matcher header = HEADER.matcher(field);
        if (header.matches()) {
            return Columns.of((name.startsWith("cs") ? "http_" : "sent_http_") + Literals.snake(header.group(2)));
        }
        if (!PLAIN.matcher(field).matches()) {
            throw new FormatException(
                    "field " + field + " is unknown",
                    "fields are those of the line #Fields: of the log: date, time, "
                            + String.join(
                                    ", ", FIELDS.keySet().stream().sorted().toList())
                            + ", cs(HEADER), sc(HEADER), x-NAME");
        }
        ValueKind kind = WHOLE.contains(name) ? ValueKind.INT : BIG.contains(name) ? ValueKind.BIGINT : ValueKind.TEXT;
        return Columns.of(Literals.snake(name), kind);
    }
}
