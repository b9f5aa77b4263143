package io.granary.batch.seal;

import io.granary.tablestore.Column;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.warehouse.log.LogRelation;
import io.granary.warehouse.manifest.SourceNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The statements of sealing. Views live in the session and are made anew for each seal. */
final class SealSql {
    /** Chunks of the files that this seal takes. */
    static final String CHUNKS = "granary_seal_chunks";
    /** Their lines, read by the source's format. */
    static final String PARSED = "granary_seal_parsed";

    private static final String KEY = "region, host, file, line_offset";

    private SealSql() {}

    /** @param addresses full addresses of the landing files */
    static List<String> chunkViews(List<String> addresses) {
        String path = addresses.size() == 1 ? addresses.get(0) : braces(addresses);
        return List.of(
                "CREATE OR REPLACE TEMPORARY VIEW granary_seal_files USING avro OPTIONS (path " + literal(path) + ")",
                """
                CREATE OR REPLACE TEMPORARY VIEW %s AS
                SELECT
                    headers['region'] AS region,
                    headers['site'] AS site,
                    headers['host'] AS host,
                    headers['file'] AS file,
                    CAST(headers['start'] AS BIGINT) AS start_offset,
                    CAST(headers['end'] AS BIGINT) AS end_offset,
                    CAST(headers['first_line'] AS BIGINT) AS first_line,
                    CAST(headers['lines'] AS BIGINT) AS lines,
                    TIMESTAMP_MILLIS(CAST(headers['collected_at'] AS BIGINT)) AS collected_at,
                    body,
                    CAST(NULL AS BIGINT) AS mark
                FROM granary_seal_files""".formatted(CHUNKS));
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

    static String parsedView(SourceNode source) {
        return "CREATE OR REPLACE TEMPORARY VIEW " + PARSED + " AS\n"
                + LogRelation.parsed(source, "(" + LogRelation.lines(CHUNKS) + ")");
    }

    /** Well-formed lines, as rows of the ODS table. */
    static String goodRows(SourceNode source, String sealId) {
        String format = LogRelation.columns(source).stream()
                .map(c -> "`" + c.name() + "`, ")
                .collect(Collectors.joining());
        return "SELECT region, site, host, file, line_offset, line_number, collected_at, " + literal(sealId)
                + " AS seal_id, " + format + "ds, hh FROM " + PARSED + " WHERE reject_reason IS NULL";
    }

    /** Rejected lines, as rows of the quarantine. */
    static String rejectedRows(SourceNode source, String sealId) {
        return "SELECT region, site, host, file, line_offset, line_number, collected_at, " + literal(sealId)
                + " AS seal_id, reject_reason AS reason, line, " + literal(source.qualifiedName())
                + " AS source, DATE_FORMAT(collected_at, 'yyyy-MM-dd') AS dt FROM " + PARSED
                + " WHERE reject_reason IS NOT NULL";
    }

    /** Identities that another seal has put into these partitions of a table. */
    static String identities(TableName table, List<PartitionSpec> partitions, String sealId) {
        return "SELECT " + KEY + " FROM " + table + " WHERE seal_id <> " + literal(sealId) + " AND ("
                + predicate(partitions) + ")";
    }

    /**
     * Rows with {@code is_duplicate}.
     *
     * @param known queries of identities; a row with one of them is a duplicate
     */
    static String classified(TableName staged, List<String> known) {
        if (known.isEmpty()) {
            return "SELECT *, FALSE AS is_duplicate FROM " + staged;
        }
        return """
                SELECT s.*, k.known IS NOT NULL AS is_duplicate
                FROM %s AS s
                LEFT JOIN (
                    SELECT DISTINCT %s, TRUE AS known FROM (%s)
                ) AS k
                ON s.region = k.region AND s.host = k.host AND s.file = k.file AND s.line_offset = k.line_offset""".formatted(staged, KEY, String.join(" UNION ALL ", known));
    }

    /** Writes all rows of a query, whose last columns are the table's partition columns. */
    static String insert(TableSchema schema, TableName into, String select) {
        String partition = partitionColumns(schema);
        return "INSERT OVERWRITE TABLE " + into + " PARTITION (" + partition + ")\nSELECT " + columns(schema)
                + " FROM (" + select + ") DISTRIBUTE BY " + partition;
    }

    /** The rows that are there already, but those of this seal, and the new ones beside them. */
    static String merged(TableSchema schema, List<PartitionSpec> present, String sealId, String classified) {
        String fresh = "SELECT " + columns(schema) + " FROM (" + classified + ") WHERE NOT is_duplicate";
        if (present.isEmpty()) {
            return fresh;
        }
        return "SELECT " + columns(schema) + " FROM " + schema.name() + " WHERE seal_id <> " + literal(sealId)
                + " AND (" + predicate(present) + ")\nUNION ALL\n" + fresh;
    }

    static String partitionsWithNewRows(TableSchema schema, String classified) {
        String partition = partitionColumns(schema);
        return "SELECT DISTINCT " + partition + " FROM (" + classified + ") WHERE NOT is_duplicate";
    }

    /** What became of every line, by file and collected hour. {@code read_lines} comes from the chunks' headers alone. */
    static String account(SourceNode source, String sealId, String good, String rejected) {
        return """
                SELECT
                    region, site, host, file, DATE_FORMAT(collected_at, 'HH') AS hh, %s AS seal_id,
                    SUM(read_lines) AS read_lines, SUM(loaded) AS loaded, SUM(duplicate) AS duplicate,
                    SUM(quarantined) AS quarantined, CAST(0 AS BIGINT) AS lost,
                    %s AS source, DATE_FORMAT(collected_at, 'yyyy-MM-dd') AS dt
                FROM (
                    SELECT region, site, host, file, collected_at, read_lines,
                        0L AS loaded, 0L AS duplicate, 0L AS quarantined FROM (%s)
                    UNION ALL
                    SELECT region, site, host, file, collected_at, 0L,
                        IF(is_duplicate, 0L, 1L), IF(is_duplicate, 1L, 0L), 0L FROM (%s)
                    UNION ALL
                    SELECT region, site, host, file, collected_at, 0L,
                        0L, IF(is_duplicate, 1L, 0L), IF(is_duplicate, 0L, 1L) FROM (%s)
                )
                GROUP BY region, site, host, file, DATE_FORMAT(collected_at, 'yyyy-MM-dd'), DATE_FORMAT(collected_at, 'HH')
                HAVING SUM(read_lines + loaded + duplicate + quarantined) > 0""".formatted(
                literal(sealId), literal(source.qualifiedName()), LogRelation.readLines(CHUNKS), good, rejected);
    }

    /** {@code (ds = '2026-11-01' AND hh IN ('07', '08')) OR …}. */
    static String predicate(List<PartitionSpec> partitions) {
        Map<String, List<String>> lastByFirst = new LinkedHashMap<>();
        for (PartitionSpec partition : partitions) {
            List<PartitionSpec.Entry> entries = partition.entries();
            String first = entries.subList(0, entries.size() - 1).stream()
                    .map(e -> e.column() + " = " + literal(e.value()) + " AND ")
                    .collect(Collectors.joining());
            PartitionSpec.Entry last = entries.get(entries.size() - 1);
            lastByFirst
                    .computeIfAbsent(first + last.column(), k -> new ArrayList<>())
                    .add(literal(last.value()));
        }
        return lastByFirst.entrySet().stream()
                .map(e -> "(" + e.getKey() + " IN (" + String.join(", ", e.getValue()) + "))")
                .collect(Collectors.joining(" OR "));
    }

    private static String columns(TableSchema schema) {
        return schema.columns().stream().map(c -> "`" + c.name() + "`").collect(Collectors.joining(", ")) + ", "
                + partitionColumns(schema);
    }

    private static String partitionColumns(TableSchema schema) {
        return schema.partitionColumns().stream().map(Column::name).collect(Collectors.joining(", "));
    }

    static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
