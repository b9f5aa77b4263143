package io.granary.ingestion.sync;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which Hive type holds every value of another one unchanged. */
final class WiderType {
    private static final List<String> INTEGERS = List.of("tinyint", "smallint", "int", "bigint");
    private static final Map<String, Integer> DIGITS = Map.of("tinyint", 3, "smallint", 5, "int", 10, "bigint", 19);
    private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d+),(\\d+)\\)");

    private WiderType() {}

    /** True also for the same type. */
    static boolean holds(String wide, String narrow) {
        if (wide.equals(narrow)) {
            return true;
        }
        if (wide.equals("double")) {
            return narrow.equals("float");
        }
        if (DIGITS.containsKey(wide)) {
            return DIGITS.containsKey(narrow) && INTEGERS.indexOf(wide) >= INTEGERS.indexOf(narrow);
        }
        Matcher to = DECIMAL.matcher(wide);
        if (!to.matches()) {
            return false;
        }
        int scale = Integer.parseInt(to.group(2));
        int whole = Integer.parseInt(to.group(1)) - scale;
        Matcher from = DECIMAL.matcher(narrow);
        if (from.matches()) {
            int fromScale = Integer.parseInt(from.group(2));
            return scale >= fromScale && whole >= Integer.parseInt(from.group(1)) - fromScale;
        }
        return DIGITS.containsKey(narrow) && whole >= DIGITS.get(narrow);
    }
}
