package io.granary.warehouse.log.format;

import java.util.Locale;

/** Text of a format as the server's configuration writes it. */
final class Literals {
    private Literals() {}

    /** Takes the backslash from {@code \"}, {@code \'} and {@code \\}; {@code \t} is a tab. */
    static String unescaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            char next = text.charAt(++i);
            switch (next) {
                case '"', '\'', '\\' -> out.append(next);
                case 't' -> out.append('\t');
                case 'n', 'r' ->
                    throw new FormatException(
                            "the format has a line end, \\" + next, "a line is one event: take it out");
                default -> out.append(c).append(next);
            }
        }
        return out.toString();
    }

    /** A name of a header, cookie or note as part of a column's name: {@code X-Forwarded-For} is x_forwarded_for. */
    static String snake(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "");
    }
}
