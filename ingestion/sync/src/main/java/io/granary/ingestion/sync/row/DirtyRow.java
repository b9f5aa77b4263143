package io.granary.ingestion.sync.row;

import java.util.regex.Pattern;

/**
 * A row that was left out.
 *
 * @param where the part and the row's place or key in it
 * @param column the column that cannot be kept, or null when it is the whole row
 * @param values the row as text, for people; values of columns named {@code *password*} or {@code *secret*} are masked
 * @param reason why, with the value
 */
public record DirtyRow(String where, String column, String values, String reason) {
    private static final int SHOWN = 200;
    private static final Pattern SECRET = Pattern.compile("(?i).*(password|passwd|secret|token).*");

    /** A value as a message shows it: short, and masked where the column's name says that it is a secret. */
    public static String shown(String column, String value) {
        if (value != null && column != null && SECRET.matcher(column).matches()) {
            return "***";
        }
        return value == null || value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
    }
}
