package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code $x} and <code>${x}</code> in the text of a job file, as DataX has them. A value takes its place as it is: inside a
 * JSON text as characters of that text, so that no value can add keys to the job; elsewhere as a number or true or false.
 * References such as {@code ${env:X}} are no variables. A dollar sign that begins no variable can be written {@code \u0024}.
 */
public final class JobVariables {
    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\{(?:connection|env|file|var):[^}]*}|\\$(?:\\{([A-Za-z_]\\w*)}|([A-Za-z_]\\w*))");
    private static final Pattern BARE = Pattern.compile("-?\\d+(\\.\\d+)?|true|false");
    private static final Pattern OPTION = Pattern.compile("-D([A-Za-z_]\\w*)=(.*)");

    private JobVariables() {}

    /**
     * Variables as {@code datax.py -p "-Dds=2026-11-01 -Dhour=07"} takes them; also one to an argument.
     *
     * @throws GranaryException when an option is none of {@code -Dname=value}
     */
    public static Map<String, String> parse(List<String> options) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String option : options) {
            // as in DataX a value ends at a blank; one option with blanks in its value is an argument of its own
            List<String> parts =
                    option.indexOf(" -D") >= 0 ? List.of(option.trim().split("\\s+(?=-D)")) : List.of(option);
            for (String part : parts) {
                Matcher matcher = OPTION.matcher(part.strip());
                if (!matcher.matches()) {
                    throw new GranaryException(
                            ErrorCode.USAGE, "'" + part.strip() + "' sets no variable; write -Dname=value");
                }
                variables.put(matcher.group(1), matcher.group(2));
            }
        }
        return variables;
    }

    /**
     * The job's text with its variables replaced.
     *
     * @throws GranaryException naming all variables without a value, or a value that does not fit where it stands
     */
    static String replace(String json, String where, Map<String, String> variables) {
        Matcher matcher = VARIABLE.matcher(json);
        StringBuilder out = new StringBuilder();
        Set<String> missing = new TreeSet<>();
        boolean inText = false;
        int seen = 0;
        while (matcher.find()) {
            String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            if (name == null) {
                continue;
            }
            inText = inText(json, seen, matcher.start(), inText);
            seen = matcher.start();
            String value = variables.get(name);
            if (value == null) {
                missing.add(name);
                continue;
            }
            matcher.appendReplacement(
                    out, Matcher.quoteReplacement(inText ? escaped(value) : bare(name, value, where)));
        }
        if (!missing.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    where + ": no value for variable " + String.join(", ", missing) + ". Give it with -D"
                            + missing.iterator().next() + "=VALUE; where no variable is meant, write the dollar sign as"
                            + " \\u0024.");
        }
        return matcher.appendTail(out).toString();
    }

    /** Written text in which no dollar sign looks like a variable. */
    static String protect(String json) {
        return VARIABLE.matcher(json)
                .replaceAll(m -> Matcher.quoteReplacement(
                        m.group(1) == null && m.group(2) == null
                                ? m.group()
                                : "\\u0024" + m.group().substring(1)));
    }

    private static boolean inText(String json, int from, int to, boolean before) {
        boolean inside = before;
        for (int i = from; i < to; i++) {
            char c = json.charAt(i);
            if (inside && c == '\\') {
                i++;
            } else if (c == '"') {
                inside = !inside;
            }
        }
        return inside;
    }

    private static String escaped(String value) {
        return new String(
                com.fasterxml.jackson.core.io.JsonStringEncoder.getInstance().quoteAsString(value));
    }

    private static String bare(String name, String value, String where) {
        if (!BARE.matcher(value).matches()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    where + ": variable " + name + " stands outside of quotes, but '" + value
                            + "' is no number, true or false. Put it in quotes in the job.");
        }
        return value;
    }
}
