package io.granary.functions.log;

import io.granary.warehouse.log.format.FormatColumn;
import io.granary.warehouse.log.format.LineFormat;
import io.granary.warehouse.log.format.LineFormat.Style;
import io.granary.warehouse.log.format.Slot;
import io.granary.warehouse.log.format.ValueKind;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import org.apache.spark.unsafe.types.UTF8String;

/** Lines of Apache, nginx and W3C logs. */
final class TextValues extends LineValues {
    private static final byte[] FIELDS = "#Fields:".getBytes(StandardCharsets.US_ASCII);

    private final LineFormat format;
    private final List<FormatColumn> columns;
    private final SlotScanner scanner;
    private final RequestLine request = new RequestLine();
    private final Style style;
    private final int last;
    private final int[] slots;
    private final int[] parts;
    private final ValueKind[] kinds;
    private final TimeReader[] times;
    private final boolean[] arePlussed;
    private final PatternTime date = new PatternTime("%Y-%m-%d", "2015-05-17", java.time.ZoneOffset.UTC);
    private final PatternTime timeOfDay = new PatternTime("%H:%M:%S", "10:05:03", java.time.ZoneOffset.UTC);
    private boolean isScanned;
    private boolean isDirective;

    TextValues(LineFormat format, ZoneId zone, Wanted wanted) {
        super(format, zone);
        this.format = format;
        columns = format.columns();
        scanner = SlotScanner.of(format);
        style = format.style();
        slots = columns.stream().mapToInt(FormatColumn::slot).toArray();
        parts = columns.stream().mapToInt(FormatColumn::part).toArray();
        kinds = new ValueKind[slots.length];
        times = new TimeReader[slots.length];
        arePlussed = new boolean[slots.length];
        int furthest = -1;
        for (int i = 0; i < slots.length; i++) {
            Slot slot = format.slots().get(slots[i]);
            kinds[i] = slot.kind();
            times[i] = slot.pattern() == null ? null : TimeReader.of(slot.pattern(), zone);
            String name = columns.get(i).name();
            arePlussed[i] = style == Style.W3C
                    && (name.matches("user_agent|referrer|user_name") || name.matches("(sent_)?http_.*"));
            if (wanted.has(i)) {
                furthest = Math.max(furthest, kinds[i] == ValueKind.DATE ? Math.max(slots[i], parts[i]) : slots[i]);
            }
        }
        last = wanted.isJudged() ? format.slots().size() - 1 : furthest;
    }

    @Override
    void begin() {
        while (to > from && (bytes[to - 1] == '\r' || bytes[to - 1] == ' ')) {
            to--;
        }
        isDirective = style == Style.W3C && to > from && bytes[from] == '#';
        isScanned = false;
    }

    private void scan() {
        if (!isScanned) {
            isScanned = true;
            request.forget();
            if (isDirective) {
                scanner.reached = 0;
            } else {
                scanner.scan(bytes, from, to, last);
            }
        }
    }

    @Override
    boolean isSkipped() {
        return isDirective && (!Bytes.startsWith(bytes, from, to, FIELDS) || areFieldsAsDeclared());
    }

    private boolean areFieldsAsDeclared() {
        String[] fields = directive().strip().split("\\s+");
        if (fields.length != format.slots().size()) {
            return false;
        }
        for (int i = 0; i < fields.length; i++) {
            if (!fields[i].equalsIgnoreCase(format.slots().get(i).variable())) {
                return false;
            }
        }
        return true;
    }

    private String directive() {
        return new String(bytes, from + FIELDS.length, to - from - FIELDS.length, StandardCharsets.UTF_8);
    }

    @Override
    boolean decode(int column) {
        scan();
        int slot = slots[column];
        if (slot >= scanner.reached) {
            return false;
        }
        int begin = scanner.from[slot];
        int end = scanner.to[slot];
        switch (kinds[column]) {
            case TEXT:
                objects[column] = text(begin, end, arePlussed[column]);
                return objects[column] != null;
            case REQUEST:
                objects[column] = request.part(bytes, begin, end, parts[column], this);
                return objects[column] != null;
            case TIME:
                numbers[column] = times[column].micros(bytes, begin, end);
                return numbers[column] != TimeReader.INVALID;
            case DATE:
                return utc(column, begin, end);
            default:
                return number(column, begin, end);
        }
    }

    /** Text without its escapes; null when it stands for nothing. */
    UTF8String text(int begin, int end, boolean isPlussed) {
        switch (style) {
            case ESCAPED:
                return isDash(begin, end) ? null : LogText.unescaped(bytes, begin, end);
            case W3C:
                if (bytes[begin] == '"' && end - begin > 1) {
                    return isDash(begin + 1, end - 1) ? null : LogText.undoubled(bytes, begin + 1, end - 1);
                }
                return isDash(begin, end)
                        ? null
                        : isPlussed ? LogText.unplussed(bytes, begin, end) : Utf8.text(bytes, begin, end);
            case JSON_ESCAPED:
                return begin == end ? null : JsonText.unescaped(bytes, begin, end);
            default:
                return begin == end ? null : Utf8.text(bytes, begin, end);
        }
    }

    private boolean isDash(int begin, int end) {
        return end - begin == 1 && bytes[begin] == '-';
    }

    private boolean utc(int column, int begin, int end) {
        int other = parts[column];
        if (other >= scanner.reached) {
            return false;
        }
        long day = date.micros(bytes, begin, end);
        int timeEnd = scanner.to[other];
        int point = Bytes.indexOf(bytes, (byte) '.', scanner.from[other], timeEnd);
        long time = timeOfDay.micros(bytes, scanner.from[other], point);
        long fraction = point == timeEnd ? 0 : fraction(point + 1, timeEnd);
        numbers[column] = day + time + fraction;
        return day != TimeReader.INVALID && time != TimeReader.INVALID && fraction >= 0;
    }

    private long fraction(int begin, int end) {
        long value = Numbers.count(bytes, begin, Math.min(end, begin + 6));
        for (int digits = end - begin; digits < 6; digits++) {
            value *= 10;
        }
        return value;
    }

    private boolean number(int column, int begin, int end) {
        ValueKind kind = kinds[column];
        long value;
        if (kind == ValueKind.DOUBLE) {
            double real = Numbers.real(bytes, begin, end);
            numbers[column] = Double.doubleToRawLongBits(real);
            return !Double.isNaN(real);
        }
        if (kind == ValueKind.BYTES && isDash(begin, end)) {
            numbers[column] = 0;
            return true;
        }
        value = Numbers.count(bytes, begin, end);
        numbers[column] = value;
        return value >= 0
                && (kind != ValueKind.STATUS || end - begin == 3)
                && (kind != ValueKind.INT || value <= Integer.MAX_VALUE);
    }

    @Override
    boolean isBad(int column) {
        int slot = slots[column];
        ValueKind kind = kinds[column];
        if (slot >= scanner.reached || kind == ValueKind.TEXT || kind == ValueKind.REQUEST) {
            return false;
        }
        int begin = scanner.from[slot];
        int end = scanner.to[slot];
        boolean isNothing = begin == end || isDash(begin, end);
        boolean mayBeNothing = kind == ValueKind.INT || kind == ValueKind.BIGINT || kind == ValueKind.DOUBLE;
        boolean isHalf = kind == ValueKind.DATE && parts[column] >= scanner.reached;
        return !isHalf && !(isNothing && (mayBeNothing || kind == ValueKind.STATUS && style == Style.W3C));
    }

    @Override
    String fault() {
        if (to == from) {
            return "line is empty";
        }
        if (isDirective) {
            return "directive #Fields names other fields than the format: "
                    + LogText.shown(bytes, from + FIELDS.length, to);
        }
        scan();
        for (int i = 0; i < slots.length; i++) {
            if (isNull(i) && isWrong(i)) {
                return TextFaults.value(format, slots[i], times[i], bytes, scanner);
            }
        }
        return scanner.fault == SlotScanner.Fault.NONE ? null : TextFaults.line(format, scanner, bytes, to);
    }
}
