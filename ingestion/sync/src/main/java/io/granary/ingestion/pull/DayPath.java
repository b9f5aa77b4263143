package io.granary.ingestion.pull;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files of a day on a server.
 *
 * @param folder with {@code /} at its end
 * @param name of the files there; {@code * ?} stand for other characters
 */
record DayPath(String folder, String name) {
    private static final Pattern DAY = Pattern.compile("\\{ds(?::([^}]+))?}");

    static DayPath of(String path, LocalDate ds) {
        String day = text(path, ds);
        int slash = day.lastIndexOf('/') + 1;
        return new DayPath(day.substring(0, slash), day.substring(slash));
    }

    /** The text with its days filled in. */
    static String text(String pattern, LocalDate ds) {
        Matcher matcher = DAY.matcher(pattern);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(out, Matcher.quoteReplacement(day(pattern, matcher.group(1), ds)));
        }
        return matcher.appendTail(out).toString();
    }

    private static String day(String pattern, String form, LocalDate ds) {
        try {
            return form == null
                    ? ds.toString()
                    : DateTimeFormatter.ofPattern(form, Locale.ROOT).format(ds);
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "'" + pattern + "': {ds:" + form + "} is no form of a day, such as {ds:yyyyMMdd}",
                    e);
        }
    }

    boolean isOne() {
        return !name.contains("*") && !name.contains("?");
    }

    boolean matches(String fileName) {
        String regex = Pattern.quote(name).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return fileName.matches(regex);
    }

    @Override
    public String toString() {
        return folder + name;
    }
}
