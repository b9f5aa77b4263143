package io.granary.batch.seal;

import io.granary.tablestore.TableName;
import io.granary.warehouse.log.LogRelation;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.text.SqlLiteral;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What sealing asks of landed records and of quarantined lines. Views live in the session and are made anew for each seal. */
final class SealSql {
    /** Records of the files that this seal takes. */
    static final String RECORDS = "granary_seal_records";
    /** Intervals sealed before that these records meet; one row a file. */
    static final String KNOWN = "granary_seal_known";
    /** Lines of the records, read by the source's format. */
    static final String PARSED = "granary_seal_parsed";
    /** Why a line that is longer than the agent's limit is in quarantine: only its begin is there. */
    static final String OVERSIZE = "line is longer than the agent's limit: ";

    private static final String UNKNOWN =
            "CAST(NULL AS ARRAY<STRUCT<start_offset: BIGINT, end_offset: BIGINT>>) AS known";
    private static final String HOUR = "DATE_FORMAT(collected_at, '" + CollectedHour.SQL_FORM + "')";

    private SealSql() {}

    /** @param addresses full addresses of landing files and copies */
    static List<String> recordViews(List<String> addresses) {
        String path = addresses.size() == 1 ? addresses.get(0) : braces(addresses);
        return List.of(
                "CREATE OR REPLACE TEMPORARY VIEW granary_seal_files USING avro OPTIONS (path " + SqlLiteral.of(path)
                        + ")",
                """
                CREATE OR REPLACE TEMPORARY VIEW %s AS
                SELECT
                    COALESCE(headers['kind'], 'chunk') AS kind,
                    headers['region'] AS region,
                    headers['site'] AS site,
                    headers['host'] AS host,
                    headers['file'] AS file,
                    CAST(headers['start'] AS BIGINT) AS start_offset,
                    CAST(headers['end'] AS BIGINT) AS end_offset,
                    CAST(headers['first_line'] AS BIGINT) AS first_line,
                    CAST(headers['lines'] AS BIGINT) AS lines,
                    TIMESTAMP_MILLIS(CAST(headers['collected_at'] AS BIGINT)) AS collected_at,
                    body
                FROM granary_seal_files""".formatted(RECORDS));
    }

    /** Hadoop's glob of exactly these files: what they have in common, then alternatives. */
    private static String braces(List<String> addresses) {
        String first = addresses.get(0);
        int common = 0;
        while (common < first.length() && sameAt(addresses, common)) {
            common++;
        }
        int folder = first.lastIndexOf('/', common - 1) + 1;
        return first.substring(0, folder)
                + addresses.stream().map(a -> a.substring(folder)).collect(Collectors.joining(",", "{", "}"));
    }

    private static boolean sameAt(List<String> texts, int index) {
        char wanted = texts.get(0).charAt(index);
        return texts.stream().allMatch(t -> index < t.length() && t.charAt(index) == wanted);
    }

    /** What has landed, by headers alone: rows of {@link Island}. */
    static String islands() {
        return """
                SELECT
                    region, MIN(site), host, file, hour, MIN(start_offset), MAX(end_offset), MIN(first_line),
                    MAX(first_line + lines - 1), SUM(lines), SUM(IF(kind = 'loss', lines, 0)),
                    COUNT_IF(kind = 'oversize'), MAX(UNIX_MILLIS(collected_at))
                FROM (
                    SELECT *, SUM(IF(start_offset <= before_offset AND first_line <= before_line + 1, 0, 1))
                        OVER (PARTITION BY region, host, file, hour ORDER BY start_offset, end_offset, collected_at
                            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
                    FROM (
                        SELECT *, MAX(end_offset) OVER w AS before_offset,
                            MAX(first_line + lines - 1) OVER w AS before_line
                        FROM (
                            SELECT kind, region, site, host, file, %s AS hour, start_offset, end_offset, first_line,
                                lines, collected_at
                            FROM %s WHERE kind <> 'heartbeat'
                        )
                        WINDOW w AS (PARTITION BY region, host, file, hour
                            ORDER BY start_offset, end_offset, collected_at
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                    )
                )
                GROUP BY region, host, file, hour, island
                ORDER BY region, host, file, 6, 7""".formatted(HOUR, RECORDS);
    }

    /**
     * Sealed intervals of some files of a source.
     *
     * @param files their names; empty: of all
     */
    static String intervals(String source, List<String> files) {
        String only = files.isEmpty()
                ? ""
                : " AND file IN (" + files.stream().map(SqlLiteral::of).collect(Collectors.joining(", ")) + ")";
        return "SELECT region, host, file, start_offset, end_offset, first_line, last_line, UNIX_MILLIS(collected_at),"
                + " seal_id FROM " + SealTables.SEALED + " WHERE source = " + SqlLiteral.of(source) + only
                + " ORDER BY region, host, file, start_offset";
    }

    /**
     * Intervals of what the tables of a source hold, for one that was sealed before there were intervals: runs of
     * lines by their numbers. The end is that of the last line's first byte, which is all that later chunks are
     * compared with.
     *
     * @param unfinished seals whose rows do not count: they are run again
     */
    static String intervalsOfTables(SourceNode source, List<String> unfinished) {
        String finished = unfinished.isEmpty()
                ? ""
                : " AND seal_id NOT IN ("
                        + unfinished.stream().map(SqlLiteral::of).collect(Collectors.joining(", ")) + ")";
        return """
                SELECT region, host, file, MIN(line_offset) AS start_offset, MAX(line_offset) + 1 AS end_offset,
                    MIN(line_number) AS first_line, MAX(line_number) AS last_line,
                    MAX(UNIX_MILLIS(collected_at)) AS collected_at, MAX(seal_id) AS seal_id
                FROM (
                    SELECT *, line_number - ROW_NUMBER() OVER (PARTITION BY region, host, file ORDER BY line_number)
                        AS run
                    FROM (
                        SELECT region, host, file, line_offset, line_number, collected_at, seal_id
                        FROM %s WHERE TRUE%s
                        UNION ALL
                        SELECT region, host, file, line_offset, line_number, collected_at, seal_id
                        FROM %s WHERE source = %s%s
                    )
                )
                GROUP BY region, host, file, run
                ORDER BY region, host, file, 4""".formatted(
                source.table(), finished, SealTables.QUARANTINE, SqlLiteral.of(source.qualifiedName()), finished);
    }

    /** A view of intervals that have been sealed before, one row a file. */
    static String knownView(Map<LogFile, List<Interval>> known) {
        String values = known.entrySet().stream()
                .flatMap(e -> e.getValue().stream()
                        .map(i -> "(" + SqlLiteral.of(e.getKey().region()) + ", "
                                + SqlLiteral.of(e.getKey().host()) + ", "
                                + SqlLiteral.of(e.getKey().file()) + ", " + i.startOffset() + "L, " + i.endOffset()
                                + "L)"))
                .collect(Collectors.joining(", "));
        String rows = values.isEmpty() ? "('', '', '', 0L, 0L)" : values;
        return """
                CREATE OR REPLACE TEMPORARY VIEW %s AS
                SELECT region, host, file, SORT_ARRAY(COLLECT_LIST(STRUCT(start_offset, end_offset))) AS known
                FROM VALUES %s AS v (region, host, file, start_offset, end_offset)
                GROUP BY region, host, file""".formatted(KNOWN, rows);
    }

    private static String isKnown(String offset) {
        return "COALESCE(EXISTS(k.known, i -> " + offset + " >= i.start_offset AND " + offset
                + " < i.end_offset), FALSE)";
    }

    /** {@code relation AS r} with what is known of its file. */
    private static String withKnown(String relation) {
        return relation + " AS r LEFT JOIN " + KNOWN
                + " AS k ON COALESCE(r.region, '') = k.region AND r.host = k.host AND r.file = k.file";
    }

    /** The chunks, as {@link LogRelation#rows} takes them. */
    private static String chunks(boolean overlaps) {
        String columns = "r.region, r.site, r.host, r.file, r.start_offset, r.end_offset, r.first_line, r.lines,"
                + " r.collected_at, r.body, CAST(NULL AS BIGINT) AS mark, ";
        return overlaps
                ? "(SELECT " + columns + "k.known FROM " + withKnown(RECORDS) + " WHERE r.kind = 'chunk')"
                : "(SELECT " + columns + UNKNOWN + " FROM " + RECORDS + " AS r WHERE r.kind = 'chunk')";
    }

    /** A view of quarantined lines, each a chunk of its own, read by the source's format. */
    static String quarantinedView(SourceNode source, String where) {
        return "CREATE OR REPLACE TEMPORARY VIEW " + PARSED + " AS\n"
                + LogRelation.rows(
                        source,
                        "(SELECT region, site, host, file, line_offset AS start_offset,"
                                + " line_offset + LENGTH(line) + 1 AS end_offset, line_number AS first_line, 1L AS lines,"
                                + " collected_at, CONCAT(line, X'0A') AS body, CAST(NULL AS BIGINT) AS mark, " + UNKNOWN
                                + " FROM " + SealTables.QUARANTINE + " WHERE " + where + ")");
    }

    /** @param overlaps some lines may have come before */
    static String parsedView(SourceNode source, boolean overlaps) {
        return "CREATE OR REPLACE TEMPORARY VIEW " + PARSED + " AS\n" + LogRelation.rows(source, chunks(overlaps));
    }

    /** Well-formed lines, as rows of the ODS table. */
    static String goodRows(SourceNode source, String sealId) {
        String format = LogRelation.columns(source).stream()
                .map(c -> "`" + c.name() + "`, ")
                .collect(Collectors.joining());
        return "SELECT region, site, host, file, line_offset, line_number, collected_at, " + SqlLiteral.of(sealId)
                + " AS seal_id, " + format + "ds, hh FROM " + PARSED + " WHERE reject_reason IS NULL AND NOT skipped";
    }

    /** Rejected lines and those that were too long, as rows of the quarantine. */
    static String rejectedRows(SourceNode source, String sealId) {
        String rest =
                SqlLiteral.of(source.qualifiedName()) + " AS source, DATE_FORMAT(collected_at, 'yyyy-MM-dd') AS dt";
        return """
                SELECT region, site, host, file, line_offset, line_number, collected_at, %1$s AS seal_id,
                    reject_reason AS reason, line, CAST(NULL AS STRING) AS replayed_by, %2$s
                FROM %3$s WHERE reject_reason IS NOT NULL
                UNION ALL
                SELECT region, site, host, file, start_offset, first_line, collected_at, %1$s,
                    CONCAT("%4$s", end_offset - start_offset, ' bytes, offsets ', start_offset, ' to ', end_offset),
                    body, CAST(NULL AS STRING), %2$s
                FROM (%5$s) WHERE kind = 'oversize' AND NOT is_duplicate""".formatted(SqlLiteral.of(sealId), rest, PARSED, OVERSIZE, singleRecords());
    }

    /** Records that are no chunks, with {@code is_duplicate}. */
    private static String singleRecords() {
        return "SELECT r.*, " + isKnown("r.start_offset") + " OR ROW_NUMBER() OVER (PARTITION BY r.region, r.host,"
                + " r.file, r.kind, r.start_offset ORDER BY r.collected_at, r.end_offset) > 1 AS is_duplicate FROM "
                + withKnown("(SELECT * FROM " + RECORDS + " WHERE kind IN ('oversize', 'loss'))");
    }

    /** Lines that came again, counted in the bodies: region, host, file, hour, duplicate, of these lost. */
    static String duplicates() {
        return """
                SELECT region, host, file, hour, SUM(duplicate), SUM(lost) FROM (
                    SELECT c.region, c.host, c.file, c.hour, COUNT(*) AS duplicate, 0L AS lost
                    FROM (
                        SELECT r.region, r.host, r.file, r.hour, r.start_offset, r.first_line, r.body, r.mark, k.known
                        FROM %1$s
                    ) AS c
                    LATERAL VIEW EXPLODE_CHUNK(c.body, c.start_offset, c.first_line, NULL) l
                        AS line_offset, line_number, line
                    WHERE COALESCE(l.line_offset < c.mark, FALSE)
                        OR COALESCE(EXISTS(c.known,
                            i -> l.line_offset >= i.start_offset AND l.line_offset < i.end_offset), FALSE)
                    GROUP BY c.region, c.host, c.file, c.hour
                    UNION ALL
                    SELECT region, host, file, %2$s, SUM(lines), SUM(IF(kind = 'loss', lines, 0))
                    FROM (%3$s) WHERE is_duplicate
                    GROUP BY region, host, file, %2$s
                )
                GROUP BY region, host, file, hour""".formatted(withKnown("""
                                (SELECT region, host, file, %s AS hour, start_offset, first_line, body,
                                    MAX(end_offset) OVER (PARTITION BY region, host, file
                                        ORDER BY start_offset, end_offset, collected_at
                                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS mark
                                FROM %s WHERE kind = 'chunk')""".formatted(HOUR, RECORDS)), HOUR, singleRecords());
    }

    /** Directives of the format, which are no events: region, host, file, hour, lines. */
    static String skipped() {
        return "SELECT region, host, file, " + HOUR + ", COUNT(*) FROM " + PARSED
                + " WHERE skipped GROUP BY region, host, file, " + HOUR;
    }

    /** Rows of a staged table by file and collected hour: region, host, file, hour, rows. */
    static String counts(TableName staged) {
        return "SELECT region, host, file, " + HOUR + ", COUNT(*) FROM " + staged + " GROUP BY region, host, file, "
                + HOUR;
    }
}
