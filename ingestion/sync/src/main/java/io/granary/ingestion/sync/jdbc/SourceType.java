package io.granary.ingestion.sync.jdbc;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column's type as its database writes it, taken apart.
 *
 * @param text all of it: {@code decimal(12,2) unsigned}
 * @param base without numbers, in lower case: {@code decimal unsigned}, {@code timestamp with time zone}
 * @param size the first number, or -1
 * @param scale the second number, or 0
 */
public record SourceType(String text, String base, int size, int scale) {
    private static final Pattern NUMBERS = Pattern.compile("\\(\\s*(\\d+)\\s*(?:,\\s*(-?\\d+)\\s*)?\\)");

    public static SourceType parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (lower.startsWith("enum(") || lower.startsWith("set(")) {
            return new SourceType(text, lower.substring(0, lower.indexOf('(')), -1, 0);
        }
        Matcher numbers = NUMBERS.matcher(lower);
        int size = -1;
        int scale = 0;
        if (numbers.find()) {
            size = Integer.parseInt(numbers.group(1));
            scale = numbers.group(2) == null ? 0 : Integer.parseInt(numbers.group(2));
        }
        String base =
                NUMBERS.matcher(lower).replaceAll(" ").replaceAll("\\s+", " ").strip();
        return new SourceType(text, base, size, scale);
    }

    /** Whether one of its words is this. */
    public boolean has(String word) {
        return (" " + base + " ").contains(" " + word + " ");
    }

    /** The first word: {@code decimal}. */
    public String name() {
        int blank = base.indexOf(' ');
        return blank < 0 ? base : base.substring(0, blank);
    }
}
