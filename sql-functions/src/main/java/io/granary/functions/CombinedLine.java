package io.granary.functions;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * {@code parse_combined(line)}: a line of the combined log format of Apache and nginx,
 *
 * <pre>{@code client ident user [17/May/2015:10:05:03 +0000] "GET /x HTTP/1.1" 200 1234 "referrer" "user agent"}</pre>
 *
 * read in one pass over its bytes. It never throws: what is no such line gets a {@code reject_reason} in words.
 *
 * <ul>
 *   <li>{@code -} is NULL; {@code bytes -} is 0.
 *   <li>The request is well formed when it reads {@code METHOD url PROTOCOL}, or {@code METHOD /url} (HTTP/0.9, protocol
 *       NULL). Any other request, such as garbage that a scanner sent, keeps the line: method and protocol are NULL and url
 *       is the text of the request ({@code -} is NULL).
 *   <li>Backslash escapes of quoted fields are decoded ({@link LogText}).
 * </ul>
 */
public final class CombinedLine {
    /** What {@code parse_combined} returns. */
    public static final StructType SCHEMA = new StructType()
            .add("client_ip", DataTypes.StringType)
            .add("user_name", DataTypes.StringType)
            .add("event_at", DataTypes.TimestampType)
            .add("method", DataTypes.StringType)
            .add("url", DataTypes.StringType)
            .add("protocol", DataTypes.StringType)
            .add("status", DataTypes.IntegerType)
            .add("bytes", DataTypes.LongType)
            .add("referrer", DataTypes.StringType)
            .add("user_agent", DataTypes.StringType)
            .add("reject_reason", DataTypes.StringType);

    private static final int CLIENT_IP = 0;
    private static final int USER_NAME = 1;
    private static final int EVENT_AT = 2;
    private static final int METHOD = 3;
    private static final int URL = 4;
    private static final int PROTOCOL = 5;
    private static final int STATUS = 6;
    private static final int BYTES = 7;
    private static final int REFERRER = 8;
    private static final int USER_AGENT = 9;
    private static final int REJECT_REASON = 10;

    private final byte[] line;
    private final int end;
    private final Object[] fields = new Object[SCHEMA.length()];
    private int at;

    private CombinedLine(byte[] line) {
        this.line = line;
        int last = line.length;
        while (last > 0 && (line[last - 1] == '\r' || line[last - 1] == ' ')) {
            last--;
        }
        this.end = last;
    }

    /** Called by the generated code of queries; {@code line} is without its line end and is not null. */
    public static InternalRow parse(byte[] line) {
        CombinedLine parsed = new CombinedLine(line);
        String reason = parsed.read();
        if (reason == null) {
            return new GenericInternalRow(parsed.fields);
        }
        Object[] rejected = new Object[SCHEMA.length()];
        rejected[REJECT_REASON] = UTF8String.fromString(reason);
        return new GenericInternalRow(rejected);
    }

    /** Reads the fields from left to right; the first fault is the reason, null when there is none. */
    private String read() {
        if (end == 0) {
            return "line is empty";
        }
        String reason = clientAndUser();
        reason = reason != null ? reason : time();
        reason = reason != null ? reason : request();
        reason = reason != null ? reason : status();
        reason = reason != null ? reason : bytes();
        reason = reason != null ? reason : quoted("referrer", REFERRER);
        reason = reason != null ? reason : quoted("user agent", USER_AGENT);
        if (reason == null && at < end) {
            return "text after the user agent, where a line of the combined format ends: " + shown(at, end);
        }
        return reason;
    }

    /** The user's name may hold blanks, so it goes up to the bracket of the time. */
    private String clientAndUser() {
        int clientEnd = indexOf(' ', 0);
        if (clientEnd <= 0 || line[0] == '[') {
            return "client address is missing";
        }
        int identEnd = indexOf(' ', clientEnd + 1);
        if (identEnd <= clientEnd + 1 || line[clientEnd + 1] == '[') {
            return "identity (second field) is missing";
        }
        int bracket = identEnd + 1;
        while (bracket < end && !(line[bracket] == '[' && line[bracket - 1] == ' ')) {
            bracket++;
        }
        if (bracket >= end) {
            return "time in [brackets] is missing";
        }
        if (bracket - 1 <= identEnd) {
            return "user name (third field) is missing";
        }
        fields[CLIENT_IP] = LogText.plain(line, 0, clientEnd);
        fields[USER_NAME] = LogText.plain(line, identEnd + 1, bracket - 1);
        at = bracket;
        return null;
    }

    private String time() {
        int close = indexOf(']', at);
        if (close < 0) {
            return "time has no closing bracket";
        }
        long micros = LogTime.micros(line, at + 1, close);
        if (micros == LogTime.INVALID) {
            return "time is not of the form 17/May/2015:10:05:03 +0000: " + shown(at + 1, close);
        }
        fields[EVENT_AT] = micros;
        at = close + 1;
        return null;
    }

    private String request() {
        if (!openQuote()) {
            return "request in quotes is missing";
        }
        int close = LogText.closingQuote(line, at, end);
        if (close < 0) {
            return "request has no closing quote";
        }
        int from = at;
        at = close + 1;
        int methodEnd = from;
        while (methodEnd < close && line[methodEnd] >= 'A' && line[methodEnd] <= 'Z') {
            methodEnd++;
        }
        if (methodEnd > from && methodEnd + 1 < close && line[methodEnd] == ' ') {
            int lastBlank = close - 1;
            while (line[lastBlank] != ' ') {
                lastBlank--;
            }
            if (lastBlank > methodEnd + 1 && startsWith("HTTP/", lastBlank + 1, close)) {
                setRequest(from, methodEnd, lastBlank, close);
                return null;
            }
            if (lastBlank == methodEnd && !startsWith("HTTP/", methodEnd + 1, close)) {
                setRequest(from, methodEnd, close, close);
                return null;
            }
        }
        fields[URL] = LogText.quoted(line, from, close);
        return null;
    }

    private void setRequest(int from, int methodEnd, int urlEnd, int close) {
        fields[METHOD] = LogText.quoted(line, from, methodEnd);
        fields[URL] = LogText.quoted(line, methodEnd + 1, urlEnd);
        fields[PROTOCOL] = urlEnd == close ? null : LogText.quoted(line, urlEnd + 1, close);
    }

    private String status() {
        int from = at + 1;
        int to = token();
        if (to < 0) {
            return "status is missing";
        }
        if (to - from != 3 || number(from, to) < 0) {
            return "status is not a number of three digits: " + shown(from, to);
        }
        fields[STATUS] = (int) number(from, to);
        return null;
    }

    private String bytes() {
        int from = at + 1;
        int to = token();
        if (to < 0) {
            return "number of bytes is missing";
        }
        long count = to - from == 1 && line[from] == '-' ? 0 : number(from, to);
        if (count < 0) {
            return "number of bytes is not a number: " + shown(from, to);
        }
        fields[BYTES] = count;
        return null;
    }

    private String quoted(String name, int field) {
        if (!openQuote()) {
            return name + " in quotes is missing";
        }
        int close = LogText.closingQuote(line, at, end);
        if (close < 0) {
            return name + " has no closing quote";
        }
        fields[field] = LogText.quoted(line, at, close);
        at = close + 1;
        return null;
    }

    /** Steps over a blank and a quote. */
    private boolean openQuote() {
        if (at + 1 < end && line[at] == ' ' && line[at + 1] == '"') {
            at += 2;
            return true;
        }
        return false;
    }

    /** Steps over a blank and a word, whose end it returns; -1 when there is none. */
    private int token() {
        if (at + 1 >= end || line[at] != ' ' || line[at + 1] == ' ' || line[at + 1] == '"') {
            return -1;
        }
        int to = indexOf(' ', at + 1);
        at = to < 0 ? end : to;
        return at;
    }

    /** -1 when these are not digits or too many for a BIGINT. */
    private long number(int from, int to) {
        if (from == to || to - from > 18) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = line[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private boolean startsWith(String text, int from, int to) {
        if (to - from <= text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (line[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int indexOf(char wanted, int from) {
        for (int i = from; i < end; i++) {
            if (line[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private String shown(int from, int to) {
        return LogText.shown(line, from, to);
    }
}
