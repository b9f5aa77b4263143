package io.granary.warehouse.log;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.log.format.FormatColumn;
import io.granary.warehouse.log.format.FormatException;
import io.granary.warehouse.log.format.LineFormat;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.text.SqlLiteral;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The SQL that turns chunks into rows of a log source (docs/contracts.md, sections 6 and 7); sealing
 * and streaming use the same text. It needs {@code GranaryExtensions} and a session whose time zone is UTC. A relation is
 * given as SQL writes one after FROM: a name, or a subquery in parentheses.
 */
public final class LogRelation {
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
            "skipped",
            "ds",
            "hh");

    private LogRelation() {}

    /**
     * The columns that the source's format adds to its ODS table.
     *
     * @throws GranaryException when the source's definition cannot be read as a log
     */
    public static List<ColumnNode> columns(SourceNode source) {
        if ("json".equals(source.format())) {
            return jsonColumns(source);
        }
        try {
            return LineFormat.of(String.valueOf(source.format())).columns().stream()
                    .map(c -> new ColumnNode(c.name(), c.type(), c.required(), c.description()))
                    .toList();
        } catch (FormatException e) {
            throw new GranaryException(ErrorCode.DEFINITION, source.id() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Every line once, even if chunks overlap or came twice, read by the source's format: a chunk gives only the lines at
     * or above the furthest end of the chunks before it in its file, and of {@code mark}. Of a line that is rejected the
     * format's columns hold what stands in front of the fault.
     *
     * @param chunks relation with region, site, host, file STRING, start_offset, end_offset, first_line, lines BIGINT,
     *     collected_at TIMESTAMP, body BINARY, mark BIGINT (NULL, or everything below it is left out), known
     *     ARRAY&lt;STRUCT&lt;start_offset BIGINT, end_offset BIGINT&gt;&gt; (NULL, or lines in these intervals, which
     *     ascend, are left out)
     * @return SELECT of region, site, host, file, line_offset, line_number, collected_at, line BINARY, the columns of
     *     {@link #columns}, reject_reason STRING (NULL = good), skipped BOOLEAN (no event, such as a directive of a W3C
     *     log), and ds, hh STRING: the event's time in the source's zone, NULL when the line is rejected or skipped
     */
    public static String rows(SourceNode source, String chunks) {
        return linesOf(source, """
                (
                    SELECT
                        region, site, host, file, start_offset, first_line, collected_at, body, known,
                        GREATEST(mark, MAX(end_offset) OVER (
                            PARTITION BY region, host, file
                            ORDER BY start_offset, end_offset, collected_at
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS mark
                    FROM %s
                )""".formatted(chunks));
    }

    /**
     * Like {@link #rows}, but of each chunk by itself: what lies below its {@code mark} or in its {@code known} is left
     * out, whatever other chunks there are.
     *
     * @param chunks relation as {@link #rows} takes it; it needs no end_offset and lines
     */
    public static String linesOf(SourceNode source, String chunks) {
        return """
                SELECT
                    c.region, c.site, c.host, c.file, l.line_offset, l.line_number, c.collected_at, l.line,
                    %s,
                    l.reject_reason, l.skipped, l.ds, l.hh
                FROM %s AS c
                LATERAL VIEW PARSE_CHUNK(c.body, c.start_offset, c.first_line, c.mark, c.known, %s, %s) l""".formatted(
                        prefixed("l.", quotedNames(columns(source))),
                        chunks,
                        SqlLiteral.of(formatText(source)),
                        SqlLiteral.of(source.timeZone()));
    }

    /**
     * The same columns, of rows that are a line each.
     *
     * @param lines relation with region, site, host, file STRING, line_offset BIGINT, line BINARY
     */
    public static String events(SourceNode source, String lines) {
        return """
                SELECT
                    c.region, c.site, c.host, c.file, c.line_offset, CAST(NULL AS BIGINT) AS line_number,
                    CAST(NULL AS TIMESTAMP) AS collected_at, c.line,
                    %s,
                    l.reject_reason, l.skipped, l.ds, l.hh
                FROM %s AS c
                LATERAL VIEW LOG_FIELDS(c.line, %s, %s) l""".formatted(
                        prefixed("l.", quotedNames(columns(source))),
                        lines,
                        SqlLiteral.of(formatText(source)),
                        SqlLiteral.of(source.timeZone()));
    }

    /** The source's format as the SQL functions take it. */
    private static String formatText(SourceNode source) {
        if (!"json".equals(source.format())) {
            return source.format();
        }
        List<FormatColumn> columns = jsonColumns(source).stream()
                .map(c -> new FormatColumn(c.name(), c.type(), c.required(), "", -1, 0))
                .toList();
        return LineFormat.json(columns, source.eventTime());
    }

    private static List<ColumnNode> jsonColumns(SourceNode source) {
        Set<String> names = new TreeSet<>();
        for (ColumnNode column : source.columns()) {
            String name = column.name().toLowerCase(Locale.ROOT);
            if (RESERVED.contains(name) || !name.matches("[a-z_][a-z0-9_]*")) {
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

    private static String quoted(String name) {
        return "`" + name + "`";
    }

    private static List<String> quotedNames(List<ColumnNode> columns) {
        return columns.stream().map(c -> quoted(c.name())).toList();
    }

    private static String prefixed(String prefix, List<String> names) {
        return names.stream().map(n -> prefix + n).collect(Collectors.joining(", "));
    }
}
