package io.granary.warehouse.log;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.project.CombinedFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The SQL that turns chunks into lines and lines into rows of a log source (docs/contracts.md, sections 6 and 7); sealing
 * and streaming use the same text. It needs {@code GranaryExtensions} and a session whose time zone is UTC. A relation is
 * given as SQL writes one after FROM: a name, or a subquery in parentheses.
 */
public final class LogRelation {
    private static final List<String> IDENTITY =
            List.of("region", "site", "host", "file", "line_offset", "line_number", "collected_at");

    private static final Set<String> RESERVED = Set.of(
            "region",
            "site",
            "host",
            "file",
            "line_offset",
            "line_number",
            "collected_at",
            "seal_id",
            "line",
            "reject_reason",
            "ds",
            "hh");

    private LogRelation() {}

    /**
     * The columns that the source's format adds to its ODS table.
     *
     * @throws GranaryException when the source's definition cannot be read as a log
     */
    public static List<ColumnNode> columns(SourceNode source) {
        return switch (String.valueOf(source.format())) {
            case "combined" -> CombinedFormat.COLUMNS;
            case "json" -> jsonColumns(source);
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        source.id() + " has format '" + source.format() + "'; known formats: combined, json");
        };
    }

    /**
     * Every line once, even if chunks overlap or came twice: a chunk gives only the lines at or above the furthest end of
     * the chunks before it in its file, and of {@code mark}.
     *
     * @param chunks relation with region, site, host, file STRING, start_offset, end_offset, first_line, lines BIGINT,
     *     collected_at TIMESTAMP, body BINARY, mark BIGINT (NULL, or everything below it is counted already)
     * @return SELECT of region, site, host, file, line_offset, line_number, collected_at, line BINARY
     */
    public static String lines(String chunks) {
        return """
                SELECT c.region, c.site, c.host, c.file, l.line_offset, l.line_number, c.collected_at, l.line
                FROM (
                    SELECT
                        region, site, host, file, start_offset, first_line, collected_at, body,
                        GREATEST(mark, MAX(end_offset) OVER (
                            PARTITION BY region, host, file
                            ORDER BY start_offset, end_offset, collected_at
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS mark
                    FROM %s
                ) AS c
                LATERAL VIEW EXPLODE_CHUNK(c.body, c.start_offset, c.first_line, c.mark) l
                    AS line_offset, line_number, line""".formatted(chunks);
    }

    /**
     * How many lines each collected hour of a file brought, by the collector's own line numbers: those a chunk adds to the
     * chunks before it in its file. It agrees with {@link #lines} on which chunk a line belongs to, and does not look at a
     * body.
     *
     * @param chunks as for {@link #lines}, without a mark
     * @return SELECT of region, site, host, file, collected_at, read_lines BIGINT; one row per chunk
     */
    public static String readLines(String chunks) {
        return """
                SELECT
                    region, site, host, file, collected_at,
                    GREATEST(0, first_line + lines - 1 - GREATEST(first_line - 1, MAX(first_line + lines - 1) OVER (
                        PARTITION BY region, host, file
                        ORDER BY start_offset, end_offset, collected_at
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))) AS read_lines
                FROM %s""".formatted(chunks);
    }

    /**
     * Lines read by the source's format.
     *
     * @param lines relation with the columns of {@link #lines}
     * @return SELECT of those columns, the columns of {@link #columns}, reject_reason STRING (NULL = good), and ds, hh
     *     STRING: the event's time in the source's zone, NULL when the line is rejected
     */
    public static String parsed(SourceNode source, String lines) {
        List<ColumnNode> columns = columns(source);
        return source.format().equals("combined") ? combined(source, columns, lines) : json(source, columns, lines);
    }

    /** The struct is read by a generator: the optimizer copies a scalar function into every place that reads a field. */
    private static String combined(SourceNode source, List<ColumnNode> columns, String lines) {
        String names = names(columns);
        return """
                SELECT
                    %s,
                    l.line, %s,
                    p.reject_reason,
                    %s
                FROM %s AS l
                LATERAL VIEW INLINE(ARRAY(PARSE_COMBINED(l.line))) p
                    AS %s, reject_reason""".formatted(
                        prefixed("l.", IDENTITY),
                        prefixed("p.", quotedNames(columns)),
                        eventTime("p.event_at", "p.reject_reason", source.timeZone()),
                        lines,
                        names);
    }

    private static String json(SourceNode source, List<ColumnNode> columns, String lines) {
        String typed = columns.stream()
                .map(c -> typed("j." + quoted(c), c) + " AS " + quoted(c))
                .collect(Collectors.joining(",\n        "));
        String eventTime = "t." + quoted(source.eventTime());
        return """
                SELECT
                    %s,
                    t.line, %s,
                    t.reject_reason,
                    %s
                FROM (
                    SELECT v.*, %s AS reject_reason
                    FROM (
                        SELECT %s, l.line,
                        %s,
                        %s,
                        j.`_broken`
                        FROM %s AS l
                        LATERAL VIEW INLINE(ARRAY(FROM_JSON(
                            DECODE(l.line, 'UTF-8'), '%s, `_broken` STRING',
                            MAP('columnNameOfCorruptRecord', '_broken')))) j AS %s, `_broken`
                    ) AS v
                ) AS t""".formatted(
                prefixed("t.", IDENTITY),
                prefixed("t.", quotedNames(columns)),
                eventTime(eventTime, "t.reject_reason", source.timeZone()),
                jsonReason(source, columns),
                prefixed("l.", IDENTITY),
                columns.stream().map(c -> "j." + quoted(c) + " AS " + raw(c)).collect(Collectors.joining(", ")),
                typed,
                lines,
                columns.stream()
                        .map(c -> quoted(c) + " " + (isText(c) ? "STRING" : c.type()))
                        .collect(Collectors.joining(", ")),
                names(columns));
    }

    /** Values come as text and are typed here, so that a value of another type is told apart from a missing one. */
    private static String typed(String text, ColumnNode column) {
        String type = column.type().toLowerCase(Locale.ROOT);
        if (!isText(column) || type.equals("string")) {
            return text;
        }
        if (type.equals("timestamp") || type.equals("date")) {
            // Spark's cast takes '2026' and '10:00' (today!) for times as well
            return "CASE WHEN " + text + " RLIKE '^[0-9]{4}-[0-9]{2}-[0-9]{2}' THEN TRY_CAST(" + text + " AS "
                    + column.type() + ") END";
        }
        return "TRY_CAST(" + text + " AS " + column.type() + ")";
    }

    private static String jsonReason(SourceNode source, List<ColumnNode> columns) {
        StringBuilder reason = new StringBuilder("CASE\n")
                .append("        WHEN TRIM(DECODE(v.line, 'UTF-8')) = '' THEN 'line is empty'\n")
                .append("        WHEN v.`_broken` IS NOT NULL AND COALESCE(")
                .append(columns.stream()
                        .map(c -> "CAST(v." + raw(c) + " AS STRING)")
                        .collect(Collectors.joining(", ")))
                .append(", NULL) IS NULL THEN 'line is not a JSON object'\n");
        for (ColumnNode column : columns) {
            if (column.required() || column.name().equals(source.eventTime())) {
                reason.append(
                        "        WHEN v.%s IS NULL THEN 'field %s is missing'\n".formatted(raw(column), column.name()));
            }
        }
        for (ColumnNode column : columns) {
            if (isText(column)) {
                reason.append(("        WHEN v.%1$s IS NOT NULL AND v.%2$s IS NULL"
                                + " THEN CONCAT('field %3$s is no %4$s: \\'', LEFT(v.%1$s, 60), '\\'')\n")
                        .formatted(raw(column), quoted(column), column.name(), column.type()));
            }
        }
        String eventTime = "v." + quoted(source.eventTime());
        reason.append("        WHEN ")
                .append(eventTime)
                .append(" < TIMESTAMP '1970-01-01' OR ")
                .append(eventTime)
                .append(" >= TIMESTAMP '9999-01-01' THEN 'field ")
                .append(source.eventTime())
                .append(" is before 1970 or after 9998'\n")
                .append(
                        "        WHEN v.`_broken` IS NOT NULL THEN 'line is broken JSON or has a value of another type'\n");
        return reason.append("    END").toString();
    }

    private static String eventTime(String column, String rejectReason, String timeZone) {
        String local =
                timeZone.equals("UTC") ? column : "FROM_UTC_TIMESTAMP(" + column + ", " + literal(timeZone) + ")";
        return "CASE WHEN %1$s IS NULL THEN DATE_FORMAT(%2$s, 'yyyy-MM-dd') END AS ds,\n    CASE WHEN %1$s IS NULL THEN DATE_FORMAT(%2$s, 'HH') END AS hh"
                .formatted(rejectReason, local);
    }

    private static List<ColumnNode> jsonColumns(SourceNode source) {
        Set<String> names = new TreeSet<>();
        for (ColumnNode column : source.columns()) {
            String name = column.name().toLowerCase(Locale.ROOT);
            if (RESERVED.contains(name) || !name.matches("[a-z][a-z0-9_]*")) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        source.id() + ": column '" + column.name()
                                + "' cannot be named so; Granary keeps " + new TreeSet<>(RESERVED)
                                + " for itself, and a name is of letters, digits and _");
            }
            if (!names.add(name)) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, source.id() + ": column '" + column.name() + "' is there twice");
            }
        }
        String eventTime = String.valueOf(source.eventTime());
        boolean timed = source.columns().stream()
                .anyMatch(c -> c.name().equals(eventTime) && c.type().equalsIgnoreCase("timestamp"));
        if (!timed) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    source.id() + ": event_time is '" + eventTime
                            + "', which is no column of type timestamp of this source");
        }
        return source.columns();
    }

    /** Nested values and decimals are read by from_json in their own type. */
    private static boolean isText(ColumnNode column) {
        String type = column.type().toLowerCase(Locale.ROOT);
        return !type.contains("<") && !type.startsWith("decimal");
    }

    private static String raw(ColumnNode column) {
        return "`_raw_" + column.name() + "`";
    }

    private static String quoted(ColumnNode column) {
        return quoted(column.name());
    }

    private static String quoted(String name) {
        return "`" + name + "`";
    }

    private static List<String> quotedNames(List<ColumnNode> columns) {
        return columns.stream().map(LogRelation::quoted).toList();
    }

    private static String names(List<ColumnNode> columns) {
        return String.join(", ", quotedNames(columns));
    }

    private static String prefixed(String prefix, List<String> names) {
        return names.stream().map(n -> prefix + n).collect(Collectors.joining(", "));
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
