package io.granary.functions.log;

import io.granary.warehouse.log.format.FormatColumn;
import io.granary.warehouse.log.format.LineFormat;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;

/** Lines that are one JSON object each. Of a key that is there twice, the first counts. */
final class JsonValues extends LineValues {
    private static final byte MISSING = 0;
    private static final byte NULL = 1;
    private static final byte STRING = 2;
    private static final byte ESCAPED = 3;
    private static final byte SCALAR = 4;
    private static final byte NESTED = 5;
    private static final long YEAR_9999 = 253_370_764_800_000_000L;

    private final List<FormatColumn> columns;
    private final JsonKeys keys;
    private final JsonScanner scanner = new JsonScanner();
    private final JsonTypes.Reader[] types;
    private final boolean isJudged;
    private final int wantedCount;
    private final int eventTime;
    private final byte[] tokens;
    private final int[] froms;
    private final int[] tos;
    private boolean isScanned;
    private boolean isObject;

    JsonValues(LineFormat format, ZoneId zone, Wanted wanted) {
        super(format, zone);
        columns = format.columns();
        isJudged = wanted.isJudged();
        int count = columns.size();
        byte[][] names = new byte[count][];
        int wantedColumns = 0;
        types = new JsonTypes.Reader[count];
        for (int i = 0; i < count; i++) {
            if (wanted.has(i)) {
                names[i] = columns.get(i).name().getBytes(StandardCharsets.UTF_8);
                wantedColumns++;
            }
            types[i] = JsonTypes.reader(DataType.fromDDL(columns.get(i).type()));
        }
        wantedCount = wantedColumns;
        keys = new JsonKeys(names);
        eventTime = format.eventTimeColumn();
        tokens = new byte[count];
        froms = new int[count];
        tos = new int[count];
    }

    @Override
    void begin() {
        isScanned = false;
    }

    @Override
    boolean isSkipped() {
        return false;
    }

    private void scan() {
        if (!isScanned) {
            isScanned = true;
            Arrays.fill(tokens, MISSING);
            scanner.line(bytes, to);
            isObject = object();
        }
    }

    /** Finds the values; false when the line is no object. Without judgement it ends with the last value that is wanted. */
    private boolean object() {
        int left = wantedCount;
        int at = from < to && bytes[from] == '{' ? from : scanner.blanks(from);
        if (at >= to || bytes[at] != '{') {
            return false;
        }
        at++;
        at = at < to && bytes[at] == '"' ? at : scanner.blanks(at);
        if (at < to && bytes[at] == '}') {
            return scanner.blanks(at + 1) == to;
        }
        for (int k = 0; left > 0 || isJudged; k++) {
            int column = keys.at(bytes, at, to, k, scanner);
            at = keys.end < 0 ? JsonScanner.BROKEN : scanner.colon(keys.end);
            at = at < 0 ? JsonScanner.BROKEN : value(at, column);
            if (at < 0) {
                return false;
            }
            if (keys.isNew(column, tokens)) {
                tokens[column] = token;
                left--;
            }
            at = at < to && (bytes[at] == ',' || bytes[at] == '}') ? at : scanner.blanks(at);
            if (at >= to || bytes[at] != ',') {
                return at < to && bytes[at] == '}' && (at + 1 == to || scanner.blanks(at + 1) == to);
            }
            at++;
            at = at < to && bytes[at] == '"' ? at : scanner.blanks(at);
        }
        return true;
    }

    private byte token;

    /** Steps over a value and keeps where it is, if it is the first one of its column. */
    private int value(int at, int column) {
        if (at >= to) {
            return JsonScanner.BROKEN;
        }
        int begin = at;
        int stop;
        int next;
        if (bytes[at] == '"') {
            begin++;
            stop = scanner.string(begin);
            next = stop + 1;
            token = scanner.isEscaped ? ESCAPED : STRING;
        } else if (bytes[at] == '{' || bytes[at] == '[') {
            stop = scanner.nested(at);
            next = stop;
            token = NESTED;
        } else {
            stop = scanner.scalar(at);
            next = stop;
            token = bytes[at] == 'n' ? NULL : SCALAR;
        }
        if (stop < 0) {
            return JsonScanner.BROKEN;
        }
        if (keys.isNew(column, tokens)) {
            froms[column] = begin;
            tos[column] = stop;
        }
        return next;
    }

    @Override
    boolean decode(int column) {
        scan();
        byte kind = tokens[column];
        if (kind <= NULL) {
            return false;
        }
        boolean isText = kind == STRING || kind == ESCAPED;
        if (kind == ESCAPED) {
            byte[] plain = JsonText.plain(bytes, froms[column], tos[column]);
            return types[column].read(plain, 0, plain.length, isText, column, this);
        }
        return types[column].read(bytes, froms[column], tos[column], isText, column, this);
    }

    @Override
    boolean isBad(int column) {
        return tokens[column] > NULL;
    }

    @Override
    String fault() {
        if (isBlank()) {
            return "line is empty";
        }
        scan();
        if (!isObject) {
            return "line is not a JSON object";
        }
        for (int i = 0; i < types.length; i++) {
            if (tokens[i] <= NULL && (columns.get(i).required() || i == eventTime)) {
                return "field " + columns.get(i).name() + " is missing";
            }
        }
        for (int i = 0; i < types.length; i++) {
            if (isNull(i) && isWrong(i)) {
                return "field " + columns.get(i).name() + " is no "
                        + columns.get(i).type() + ": " + shown(i);
            }
        }
        boolean isBeyond = eventTime >= 0 && (numbers[eventTime] < 0 || numbers[eventTime] >= YEAR_9999);
        return isBeyond ? "field " + columns.get(eventTime).name() + " is before 1970 or after 9998" : null;
    }

    private boolean isBlank() {
        for (int i = from; i < to; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\r' && bytes[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private String shown(int column) {
        byte[] text = tokens[column] == ESCAPED
                ? JsonText.plain(bytes, froms[column], tos[column])
                : Arrays.copyOfRange(bytes, froms[column], tos[column]);
        return LogText.shown(text, 0, text.length);
    }
}
