package io.granary.scheduler;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Schedules as Unix cron writes them (five fields) and as Quartz, which DolphinScheduler uses, does (seven). */
final class Cron {
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final Pattern FIELD = Pattern.compile("[0-9A-Za-z*,/-]+");
    private static final Pattern DAYS_PART = Pattern.compile("(\\*|([0-7A-Z]+)(?:-([0-7A-Z]+))?)(?:/([1-7]))?");

    private Cron() {}

    /**
     * Seconds are 0, years any. Quartz numbers the days of the week from 1 (Sunday), so they are written by name.
     *
     * @throws GranaryException DEFINITION when the schedule is none, or restricts both kinds of day, which Quartz cannot say
     */
    static String quartz(String cron) {
        String[] fields = cron.strip().split("\\s+");
        if (fields.length != 5) {
            throw bad(cron, "it has " + fields.length + " fields, five are needed (minute hour day month weekday)");
        }
        for (String field : fields) {
            if (!FIELD.matcher(field).matches()) {
                throw bad(cron, "field '" + field + "' has characters that no schedule has");
            }
        }
        String day = fields[2];
        String weekday = fields[4];
        if (!day.equals("*") && !weekday.equals("*")) {
            throw bad(cron, "it restricts the day of the month and of the week; DolphinScheduler can do one of them");
        }
        boolean weekly = !weekday.equals("*");
        return String.join(
                " ",
                "0",
                fields[0],
                fields[1],
                weekly ? "?" : day,
                fields[3],
                weekly ? weekdays(cron, weekday) : "?",
                "*");
    }

    private static String weekdays(String cron, String field) {
        TreeSet<Integer> days = new TreeSet<>();
        for (String part : field.toUpperCase(java.util.Locale.ROOT).split(",", -1)) {
            Matcher matcher = DAYS_PART.matcher(part);
            if (!matcher.matches()) {
                throw bad(cron, "weekday '" + part + "' is unknown");
            }
            boolean every = matcher.group(1).equals("*");
            int step = matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4));
            int first = every ? 0 : weekday(cron, matcher.group(2));
            int last = every ? 6 : matcher.group(3) != null ? weekday(cron, matcher.group(3)) : step > 1 ? 6 : first;
            if (last < first) {
                throw bad(cron, "weekdays '" + part + "' run backwards");
            }
            for (int i = first; i <= last; i += step) {
                days.add(i % 7);
            }
        }
        return String.join(",", days.stream().map(DAYS::get).toList());
    }

    private static int weekday(String cron, String text) {
        int named = DAYS.indexOf(text);
        if (named >= 0) {
            return named;
        }
        if (text.length() == 1 && text.charAt(0) >= '0' && text.charAt(0) <= '7') {
            return text.charAt(0) - '0';
        }
        throw bad(cron, "weekday '" + text + "' is unknown");
    }

    private static GranaryException bad(String cron, String why) {
        return new GranaryException(ErrorCode.DEFINITION, "schedule '" + cron + "': " + why + ".");
    }
}
