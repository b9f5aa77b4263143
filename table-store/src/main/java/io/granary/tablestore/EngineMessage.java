package io.granary.tablestore;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/** What a SQL engine says about a failure, made fit for a person: no stack traces, no class names, no repetition. */
public final class EngineMessage {
    private static final int STATEMENT_LINES = 5;
    private static final int STATEMENT_LENGTH = 600;
    private static final Pattern EXCEPTION_NAME =
            Pattern.compile("(?:Caused by: )?(?:[a-z][a-z0-9_]*\\.)+[A-Z][A-Za-z0-9_$]*(?:Exception|Error):[ \t]*");
    private static final Pattern ERROR_CLASS_TWICE = Pattern.compile("(\\[[A-Z0-9_.]+])\\s*(?=\\1)");
    /** The analyzer's plan, which follows the place of an error. */
    private static final Pattern PLAN = Pattern.compile("(; line \\d+ pos \\d+);\n.*?(?=\n\n|\\z)", Pattern.DOTALL);

    private static final Pattern NO_TABLE = Pattern.compile(
            "\\[TABLE_OR_VIEW_NOT_FOUND]\\s+The table or view (\\S+) cannot be found\\..*?(?=; line \\d|\n\n|\\z)",
            Pattern.DOTALL);

    private static final List<String> NOISE =
            List.of("Error running query: ", "Error while compiling statement: ", "Error operating ExecuteStatement: ");

    /** As the operating system and HDFS say it. */
    private static final List<String> FULL_DISK =
            List.of("No space left on device", "QuotaExceededException", "could only be written to 0 of the");

    private EngineMessage() {}

    /** The message without what only a programmer reads. */
    public static String clean(String message) {
        if (message == null || message.isBlank()) {
            return "the engine gave no reason";
        }
        int end = message.indexOf("\nDriver stacktrace:");
        StringBuilder kept = new StringBuilder();
        for (String line : (end < 0 ? message : message.substring(0, end)).split("\n")) {
            String bare = line.strip();
            if (!bare.startsWith("at ") && !bare.matches("\\.\\.\\. \\d+ more")) {
                kept.append(line.stripTrailing()).append('\n');
            }
        }
        String text = EXCEPTION_NAME.matcher(kept).replaceAll("");
        for (String noise : NOISE) {
            text = text.replace(noise, "");
        }
        text = PLAN.matcher(ERROR_CLASS_TWICE.matcher(text).replaceAll(""))
                .replaceAll("$1")
                .strip();
        text = NO_TABLE.matcher(text)
                .replaceAll(found -> "[TABLE_OR_VIEW_NOT_FOUND] there is no table "
                        + found.group(1).replace("`", "")
                        + ": nothing was loaded or built into it yet, or its name is another");
        return text.isEmpty() ? message.strip() : withoutRepetition(text);
    }

    /** The Thrift Server repeats the whole message for each exception that wraps another one. */
    private static String withoutRepetition(String text) {
        List<String> lines = text.lines().toList();
        return String.join("\n", new LinkedHashSet<>(lines)).strip();
    }

    /** What to do about a failure that the engine only names; empty when nothing is known. */
    static String advice(String message) {
        boolean full = message != null && FULL_DISK.stream().anyMatch(message::contains);
        return full
                ? "\nThe disk or the quota is full: make room (granary gc deletes versions that nobody needs), then run this"
                        + " again."
                : "";
    }

    /** The beginning of a statement, to show which one failed. */
    public static String firstLines(String sql) {
        List<String> lines = sql.strip().lines().toList();
        String shown = String.join("\n", lines.subList(0, Math.min(STATEMENT_LINES, lines.size())));
        if (shown.length() > STATEMENT_LENGTH) {
            return shown.substring(0, STATEMENT_LENGTH) + " …";
        }
        return lines.size() > STATEMENT_LINES ? shown + "\n… (" + lines.size() + " lines)" : shown;
    }
}
