package io.granary.warehouse.log.format;

/**
 * A variable part of a line of text.
 *
 * @param variable as the format writes it, such as {@code $status}
 * @param label as messages about lines call it
 * @param pattern how a {@link ValueKind#TIME} is written: strftime's letters, and {@code %s} seconds since 1970 with or
 *     without a fraction, {@code %Q} milliseconds, {@code %q} microseconds, {@code %3 %6} digits of a fraction; else null
 * @param before the literal in front, as the format has it
 * @param after the literal up to the next slot or the end of the line, as the format has it
 * @param isQuoted whether it stands in double quotes, where blanks are part of it and a quote is escaped
 */
public record Slot(
        String variable, String label, ValueKind kind, String pattern, String before, String after, boolean isQuoted) {

    /** Whether it ends at the first byte of what follows; else at the whole literal. */
    public boolean isWord() {
        return kind.isNumber() || after.length() == 1;
    }

    /** How often {@code after} occurs in the text of the slot itself, in every line. */
    public int inner() {
        if (pattern == null || after.isEmpty()) {
            return 0;
        }
        int count = 0;
        String text = pattern.replace("%T", "%H:%M:%S").replace("%F", "%Y-%m-%d");
        for (int at = text.indexOf(after); at >= 0; at = text.indexOf(after, at + after.length())) {
            count++;
        }
        return count;
    }
}
