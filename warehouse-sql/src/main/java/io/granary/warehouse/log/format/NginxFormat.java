package io.granary.warehouse.log.format;

import io.granary.warehouse.log.format.LineFormat.Style;
import io.granary.warehouse.select.Suggestion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code log_format} of nginx, perhaps with {@code escape=json|none|default} in front. Columns that all servers know have
 * their own names ({@link Columns}); any other variable gives a column of its own name.
 */
final class NginxFormat {
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{([a-z0-9_]+)}|([a-z0-9_]+))");
    private static final Pattern ESCAPE = Pattern.compile("^escape=(\\w+)\\s+");
    private static final Pattern OF_A_NAME = Pattern.compile(
            "(http|sent_http|sent_trailer|cookie|arg|upstream|ssl|geoip|geoip2|proxy|realip|proxy_protocol)_[a-z0-9_]+");

    private static final Map<String, Columns.Column> VARIABLES = new LinkedHashMap<>();

    static {
        as("client_ip", "remote_addr");
        as("user_name", "remote_user");
        as("request", "request");
        as("method", "request_method");
        as("url", "request_uri");
        as("url_path", "uri", "document_uri");
        as("query", "args", "query_string");
        as("protocol", "server_protocol");
        as("status", "status");
        as("bytes", "body_bytes_sent");
        as("bytes_sent", "bytes_sent");
        as("request_bytes", "request_length");
        as("request_seconds", "request_time");
        as("referrer", "http_referer");
        as("user_agent", "http_user_agent");
        as("request_host", "host");
        as("server_name", "server_name");
        as("server_ip", "server_addr");
        as("server_port", "server_port");
        as("client_port", "remote_port");
        as("peer_ip", "realip_remote_addr");
        as("connection", "connection");
        as("connection_requests", "connection_requests");
        as("process_id", "pid");
        as("file_name", "request_filename");
        own(ValueKind.DOUBLE, "gzip_ratio", "connection_time");
        own(ValueKind.BIGINT, "content_length");
        own(
                ValueKind.TEXT,
                "pipe",
                "scheme",
                "https",
                "http2",
                "http3",
                "hostname",
                "request_id",
                "request_completion",
                "request_body",
                "content_type",
                "document_root",
                "is_args",
                "limit_rate",
                "limit_req_status",
                "limit_conn_status",
                "nginx_version",
                "binary_remote_addr",
                "uid_got",
                "uid_set",
                "invalid_referer",
                "http_x_forwarded_for");
    }

    private NginxFormat() {}

    static boolean isOne(String text) {
        return VARIABLE.matcher(text).find();
    }

    static LineFormat of(String text) {
        Matcher escape = ESCAPE.matcher(text);
        Style style = Style.ESCAPED;
        String rest = text;
        if (escape.find()) {
            style = style(escape.group(1));
            rest = text.substring(escape.end());
        }
        TextFormat format = new TextFormat("", style);
        Matcher variable = VARIABLE.matcher(rest);
        int at = 0;
        boolean timed = false;
        while (variable.find()) {
            format.literal(Literals.unescaped(rest.substring(at, variable.start())));
            at = variable.end();
            String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
            String pattern = time(name);
            if (pattern == null) {
                format.slot("$" + name, column(name), null);
            } else {
                Columns.Column own = Columns.of(name, ValueKind.TIME);
                format.slot("$" + name, timed ? own : Columns.of("event_at"), pattern);
                timed = true;
            }
        }
        format.literal(Literals.unescaped(rest.substring(at)));
        return format.build();
    }

    private static Style style(String escape) {
        return switch (escape) {
            case "default" -> Style.ESCAPED;
            case "json" -> Style.JSON_ESCAPED;
            case "none" -> Style.RAW;
            default ->
                throw new FormatException(
                        "escape=" + escape + " is unknown", "nginx knows escape=default, escape=json and escape=none");
        };
    }

    private static String time(String name) {
        return switch (name) {
            case "time_local" -> "%d/%b/%Y:%H:%M:%S %z";
            case "time_iso8601" -> "%Y-%m-%dT%H:%M:%S%z";
            case "msec" -> "%s";
            default -> null;
        };
    }

    private static Columns.Column column(String name) {
        Columns.Column known = VARIABLES.get(name);
        if (known != null) {
            return known;
        }
        if (OF_A_NAME.matcher(name).matches()) {
            return Columns.of(name, ValueKind.TEXT);
        }
        throw new FormatException(
                "variable $" + name + " is unknown",
                Suggestion.nearest(name, VARIABLES.keySet())
                                .map(nearest -> "did you mean $" + nearest + "? ")
                                .orElse("")
                        + "known: $time_local, $time_iso8601, $msec, $" + String.join(", $", VARIABLES.keySet())
                        + ", and those that begin with http_, sent_http_, cookie_, arg_, upstream_, ssl_, geoip_,"
                        + " proxy_");
    }

    private static void as(String column, String... variables) {
        for (String variable : variables) {
            VARIABLES.put(variable, Columns.of(column));
        }
    }

    private static void own(ValueKind kind, String... variables) {
        for (String variable : variables) {
            VARIABLES.put(variable, Columns.of(variable, kind));
        }
    }
}
