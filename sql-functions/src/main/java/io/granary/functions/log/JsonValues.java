package io.granary.functions.log;

import io.granary.warehouse.log.format.FormatColumn;
import io.granary.warehouse.log.format.LineFormat;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;

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
    private final JsonTypes.Quick[] quick;
    private final long[] largest;
    private final IsoTime[] times;
    private final boolean[] isRequired;
    private final boolean isJudged;
    private final int wantedCount;
    private final int eventTime;
    private final byte[] tokens;
    private final int[] froms;
    private final int[] tos;
    private boolean isScanned;
    private boolean isObject;

    /** How many columns that are wanted were not met yet. */
    private int left;

    /** How many columns are known to have no fault. */
    private int good;

    JsonValues(LineFormat format, ZoneId zone, Wanted wanted) {
        super(format, zone);
        columns = format.columns();
        isJudged = wanted.isJudged();
        eventTime = format.eventTimeColumn();
        int count = columns.size();
        byte[][] names = new byte[count][];
        int wantedColumns = 0;
        types = new JsonTypes.Reader[count];
        quick = new JsonTypes.Quick[count];
        largest = new long[count];
        times = new IsoTime[count];
        isRequired = new boolean[count];
        for (int i = 0; i < count; i++) {
            FormatColumn column = columns.get(i);
            if (wanted.has(i)) {
                names[i] = column.name().getBytes(StandardCharsets.UTF_8);
                wantedColumns++;
            }
            DataType type = DataType.fromDDL(column.type());
            types[i] = JsonTypes.reader(type);
            quick[i] = JsonTypes.quick(type);
            largest[i] = quick[i] == JsonTypes.Quick.WHOLE ? JsonTypes.max(type) : 0;
            times[i] = quick[i] == JsonTypes.Quick.TIME ? new IsoTime() : null;
            isRequired[i] = column.required() || i == eventTime;
        }
        wantedCount = wantedColumns;
        keys = new JsonKeys(names);
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
            left = wantedCount;
            good = 0;
            scanner.line(bytes, to);
            isObject = object();
        }
    }

    /** Finds the values; false when the line is no object. Without judgement it ends with the last value that is wanted. */
    private boolean object() {
        int at = from < to && bytes[from] == '{' ? from : scanner.blanks(from);
        if (at >= to || bytes[at] != '{') {
            return false;
        }
        at++;
        if (at < to && bytes[at] != '"') {
            int first = scanner.blanks(at);
            if (first < to && bytes[first] == '}') {
                return scanner.blanks(first + 1) == to;
            }
        }
        keys.begin();
        while (left > 0 || isJudged) {
            int column = keys.at(bytes, at, to, scanner);
            at = keys.end < 0 ? JsonScanner.BROKEN : value(keys.end, column);
            if (at < 0) {
                return false;
            }
            at = at < to && (bytes[at] == ',' || bytes[at] == '}') ? at : scanner.blanks(at);
            if (at >= to || bytes[at] != ',') {
                return at < to && bytes[at] == '}' && (at + 1 == to || scanner.blanks(at + 1) == to);
            }
            at++;
        }
        return true;
    }

    /** Steps over a value and keeps it, if it is the first one of its column. */
    private int value(int from, int column) {
        int at = from < to && bytes[from] > ' ' ? from : scanner.blanks(from);
        if (at >= to) {
            return JsonScanner.BROKEN;
        }
        byte first = bytes[at];
        boolean isNew = column >= 0 && tokens[column] == MISSING;
        if (first == '"') {
            int stop = scanner.string(at + 1);
            if (stop < 0) {
                return JsonScanner.BROKEN;
            }
            if (isNew) {
                keep(column, scanner.isEscaped ? ESCAPED : STRING, at + 1, stop);
            }
            return stop + 1;
        }
        boolean isNested = first == '{' || first == '[';
        int stop = isNested ? scanner.nested(at) : scanner.scalar(at);
        if (stop >= 0 && isNew) {
            keep(column, isNested ? NESTED : first == 'n' ? NULL : SCALAR, at, stop);
        }
        return stop;
    }

    /** Keeps where a value is, and the value itself where that costs little now that it was looked at. */
    private void keep(int column, byte token, int begin, int stop) {
        tokens[column] = token;
        froms[column] = begin;
        tos[column] = stop;
        left--;
        JsonTypes.Quick type = quick[column];
        boolean isSet = false;
        if (token == STRING && type == JsonTypes.Quick.TEXT) {
            objects[column] =
                    scanner.isAscii ? UTF8String.fromBytes(bytes, begin, stop - begin) : Utf8.text(bytes, begin, stop);
            isSet = true;
        } else if (token == STRING && type == JsonTypes.Quick.TIME) {
            long micros = times[column].micros(bytes, begin, stop);
            numbers[column] = micros;
            isSet = micros != TimeReader.INVALID;
        } else if (token == SCALAR && scanner.isPlainNumber) {
            isSet = number(column, type);
        } else if (token == NULL && !isRequired[column]) {
            good++;
        }
        if (isSet) {
            good++;
            set(column);
        }
    }

    /** The number that was stepped over; false when it is to be read again. */
    private boolean number(int column, JsonTypes.Quick type) {
        long digits = scanner.digits;
        if (type == JsonTypes.Quick.WHOLE) {
            numbers[column] = scanner.isNegative ? -digits : digits;
            return scanner.scale == 0 && digits <= largest[column];
        }
        if (type == JsonTypes.Quick.REAL) {
            double real = Numbers.real(digits, scanner.scale);
            numbers[column] = Double.doubleToRawLongBits(scanner.isNegative ? -real : real);
            return true;
        }
        return false;
    }

    @Override
    boolean decode(int column) {
        if (!isScanned) {
            scan();
            return !isNull(column);
        }
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
        String fault = good == tokens.length ? null : faultOfAField();
        if (fault != null || eventTime < 0) {
            return fault;
        }
        boolean isBeyond = numbers[eventTime] < 0 || numbers[eventTime] >= YEAR_9999;
        return isBeyond ? "field " + columns.get(eventTime).name() + " is before 1970 or after 9998" : null;
    }

    private String faultOfAField() {
        for (int i = 0; i < types.length; i++) {
            if (tokens[i] <= NULL && isRequired[i]) {
                return "field " + columns.get(i).name() + " is missing";
            }
        }
        for (int i = 0; i < types.length; i++) {
            if (isNull(i) && isWrong(i)) {
                return "field " + columns.get(i).name() + " is no "
                        + columns.get(i).type() + ": " + shown(i);
            }
        }
        return null;
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
