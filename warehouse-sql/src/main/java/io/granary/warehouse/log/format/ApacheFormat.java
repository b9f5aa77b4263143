package io.granary.warehouse.log.format;

import io.granary.warehouse.log.format.LineFormat.Style;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code LogFormat} of Apache: {@code %h %l %u %t \"%r\" %>s %b …} with modifiers. Headers, cookies, notes and the
 * environment give columns with nginx's names: {@code http_<name>, sent_http_<name>, cookie_<name>, note_, env_}.
 */
final class ApacheFormat {
    private static final Pattern DIRECTIVE =
            Pattern.compile("%(?:!?[0-9][0-9,]*)?[<>]?(?:\\{([^}]*)})?[<>]?(\\^t[io]|[A-Za-z%])");
    private static final Map<String, Columns.Column> DIRECTIVES = new LinkedHashMap<>();

    static {
        as("h", "client_ip");
        as("a", "client_ip");
        as("A", "server_ip");
        as("l", "identity");
        as("u", "user_name");
        as("r", "request");
        as("m", "method");
        as("U", "url_path");
        as("q", "query");
        as("H", "protocol");
        as("s", "status");
        as("b", "bytes");
        as("B", "bytes");
        as("O", "bytes_sent");
        as("I", "request_bytes");
        as("S", "bytes_transferred");
        as("D", "request_micros");
        as("T", "request_seconds");
        as("v", "server_name");
        as("V", "request_host");
        as("p", "server_port");
        as("P", "process_id");
        as("k", "connection_requests");
        as("X", "connection_status");
        as("f", "file_name");
        as("L", "log_id");
        as("R", "handler");
    }

    private ApacheFormat() {}

    static boolean isOne(String text) {
        return DIRECTIVE.matcher(text.replace("%%", "")).find();
    }

    static LineFormat of(String name, String text) {
        TextFormat format = new TextFormat(name, Style.ESCAPED);
        Matcher directive = DIRECTIVE.matcher(text);
        int at = 0;
        int times = 0;
        while (directive.find()) {
            format.literal(plain(text.substring(at, directive.start())));
            at = directive.end();
            String letter = directive.group(2);
            String argument = directive.group(1);
            if (letter.equals("%")) {
                format.literal("%");
            } else if (!letter.equals("t")) {
                format.slot(directive.group(), column(directive.group(), letter, argument), null);
            } else if (argument != null && times > 0 && format.endsWithTime()) {
                format.continueTime(directive.group(), pattern(directive.group(), argument));
            } else {
                time(format, directive.group(), argument, times++);
            }
        }
        format.literal(plain(text.substring(at)));
        return format.build();
    }

    /** {@code %t} brings its own brackets. */
    private static void time(TextFormat format, String directive, String argument, int times) {
        Columns.Column column = times == 0 ? Columns.of("event_at") : Columns.of("time_" + (times + 1), ValueKind.TIME);
        if (argument == null) {
            format.literal("[");
            format.slot(directive, column, "%d/%b/%Y:%H:%M:%S %z");
            format.literal("]");
        } else {
            format.slot(directive, column, pattern(directive, argument));
        }
    }

    private static String pattern(String directive, String argument) {
        String pattern = argument.replaceFirst("^(begin|end):", "");
        String own = switch (pattern) {
            case "sec" -> "%s";
            case "msec" -> "%Q";
            case "usec" -> "%q";
            case "msec_frac" -> "%3";
            case "usec_frac" -> "%6";
            default -> pattern;
        };
        Matcher unknown = Pattern.compile("%([^sQq36%YmdeHMSbBhzyTF])").matcher(own);
        if (own.isEmpty() || unknown.find()) {
            throw new FormatException(
                    "the time " + directive + " has "
                            + (own.isEmpty() ? "no pattern" : "%" + unknown.group(1) + ", which is unknown"),
                    "known: %Y %y %m %d %e %b %B %h %H %M %S %z %T %F %s, and sec, msec, usec, msec_frac, usec_frac");
        }
        return own;
    }

    private static Columns.Column column(String directive, String letter, String argument) {
        String name = argument == null ? "" : Literals.snake(argument);
        Columns.Column of = argument == null ? null : argued(letter, argument.toLowerCase(Locale.ROOT), name);
        if (of == null && argument == null) {
            of = DIRECTIVES.get(letter);
        }
        if (of == null) {
            throw new FormatException(
                    "directive " + directive + " is unknown",
                    "known: %t, %{strftime}t, %" + String.join(", %", DIRECTIVES.keySet())
                            + ", %{c}a, %{ms}T, %{us}T, %{s}T, %{remote}p, %{local}p, %{pid}P, %{tid}P, and %{NAME}i,"
                            + " %{NAME}o, %{NAME}C, %{NAME}e, %{NAME}n");
        }
        return of;
    }

    private static Columns.Column argued(String letter, String argument, String name) {
        return switch (letter + argument) {
            case "ireferer" -> Columns.of("referrer");
            case "iuser-agent" -> Columns.of("user_agent");
            case "ac" -> Columns.of("peer_ip");
            case "Tms" -> Columns.of("request_millis");
            case "Tus" -> Columns.of("request_micros");
            case "Ts" -> Columns.of("request_seconds");
            case "premote" -> Columns.of("client_port");
            case "plocal", "pcanonical" -> Columns.of("server_port");
            case "Ppid" -> Columns.of("process_id");
            case "Ptid", "Phextid" -> Columns.of("thread_id");
            case "hc" -> Columns.of("client_ip");
            default -> name.isEmpty() ? null : named(letter, name);
        };
    }

    private static Columns.Column named(String letter, String name) {
        return switch (letter) {
            case "i" -> Columns.of("http_" + name);
            case "o" -> Columns.of("sent_http_" + name);
            case "C" -> Columns.of("cookie_" + name);
            case "e" -> Columns.of("env_" + name);
            case "n" -> Columns.of("note_" + name);
            case "^ti" -> Columns.of("trailer_" + name);
            case "^to" -> Columns.of("sent_trailer_" + name);
            default -> null;
        };
    }

    private static String plain(String literal) {
        if (literal.contains("%")) {
            throw new FormatException(
                    "'" + literal + "' has a % that begins no directive", "write %% for a percent sign");
        }
        return Literals.unescaped(literal);
    }

    private static void as(String letter, String column) {
        DIRECTIVES.put(letter, Columns.of(column));
    }
}
