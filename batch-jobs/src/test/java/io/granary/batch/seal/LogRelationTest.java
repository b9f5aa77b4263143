package io.granary.batch.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.log.LogRelation;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.SourceNode;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The SQL of {@link LogRelation} on a real engine. */
class LogRelationTest {
    private static final StructType CHUNKS = StructType.fromDDL("region STRING, site STRING, host STRING, file STRING,"
            + " start_offset BIGINT, end_offset BIGINT, first_line BIGINT, lines BIGINT, collected_at TIMESTAMP,"
            + " body BINARY, mark BIGINT");
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = LocalWarehouse.shared().spark().newSession();
        spark.conf().set("spark.sql.session.timeZone", "UTC");
    }

    @Test
    void everyLineOnceHoweverChunksOverlap() {
        Random random = new Random(11);
        StringBuilder file = new StringBuilder();
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            starts.add(file.length());
            file.append("line ")
                    .append(i)
                    .append("x".repeat(random.nextInt(20)))
                    .append('\n');
        }
        starts.add(file.length());
        List<Row> chunks = new ArrayList<>();
        for (int from = 0; from < 200; ) {
            int to = Math.min(200, from + 1 + random.nextInt(30));
            chunks.add(chunk("a", file, starts, from, to, random.nextInt(5)));
            if (random.nextBoolean()) {
                chunks.add(chunk("a", file, starts, from, to, random.nextInt(5)));
            }
            from = random.nextInt(3) == 0 ? Math.max(0, to - random.nextInt(40)) : to;
        }
        chunks.add(chunk("b", file, starts, 0, 10, 0));
        Collections.shuffle(chunks, random);
        view("chunks", chunks);
        view(LogRelation.rows(source("combined", "UTC", List.of()), "chunks"), "lines");

        List<Row> lines = spark.sql("SELECT line_offset, line_number, DECODE(line, 'UTF-8') FROM lines"
                        + " WHERE file = 'a' ORDER BY line_offset")
                .collectAsList();
        assertThat(lines).hasSize(200);
        for (int i = 0; i < 200; i++) {
            assertThat(lines.get(i).getLong(0)).isEqualTo(starts.get(i).longValue());
            assertThat(lines.get(i).getLong(1)).isEqualTo(i + 1L);
            assertThat(lines.get(i).getString(2)).isEqualTo(file.substring(starts.get(i), starts.get(i + 1) - 1));
        }
        assertThat(texts("SELECT COUNT(*) FROM lines WHERE file = 'b'")).containsExactly("10");
    }

    @Test
    void rowsAreLinesThatWereNotSealedReadByTheFormat() {
        String hit = "1.2.3.4 - - [17/May/2015:23:30:03 +0000] \"GET /%s HTTP/1.1\" 200 5 \"-\" \"curl\"\n";
        StringBuilder file =
                new StringBuilder(hit.formatted("a") + hit.formatted("b") + "broken\n" + hit.formatted("d"));
        int length = hit.length() - 1;
        List<Integer> starts = List.of(0, length, 2 * length, 2 * length + 7, 3 * length + 7);
        List<Row> chunks = List.of(
                chunk("a", file, starts, 0, 3, 0),
                chunk("a", file, starts, 1, 4, 1),
                chunk("b", file, starts, 0, 4, 1, (long) length));
        spark.createDataFrame(chunks, CHUNKS)
                .selectExpr("*", "IF(file = 'a', ARRAY(STRUCT(0L, " + length + "L)), NULL) AS known")
                .createOrReplaceTempView("sealed_chunks");
        String sql = LogRelation.rows(source("combined", "Asia/Shanghai", List.of()), "sealed_chunks");

        assertThat(texts("SELECT file, line_number, collected_at, url, reject_reason, skipped, ds, hh FROM (" + sql
                        + ") ORDER BY file, line_number"))
                .containsExactly(
                        "a|2|1970-01-01 00:00:00|/b|null|false|2015-05-18|07",
                        "a|3|1970-01-01 00:00:00|null|client address is missing|false|null|null",
                        "a|4|1970-01-01 01:00:00|/d|null|false|2015-05-18|07",
                        "b|2|1970-01-01 01:00:00|/b|null|false|2015-05-18|07",
                        "b|3|1970-01-01 01:00:00|null|client address is missing|false|null|null",
                        "b|4|1970-01-01 01:00:00|/d|null|false|2015-05-18|07");
        assertThat(texts("SELECT SUM(n) FROM (SELECT COUNT(*) AS n FROM (" + sql + ") WHERE skipped)"))
                .containsExactly("0");
        assertThat(texts("SELECT DECODE(line, 'UTF-8') FROM (" + sql
                        + ") WHERE reject_reason IS NOT NULL AND file = 'a'"))
                .containsExactly("broken");
    }

    @Test
    void whatIsBelowTheMarkIsLeftOut() {
        StringBuilder file = new StringBuilder("one\ntwo\nthree\n");
        view("marked", List.of(chunk("a", file, List.of(0, 4, 8, 14), 0, 3, 0, 8L)));

        assertThat(texts("SELECT line_number, DECODE(line, 'UTF-8') FROM ("
                        + LogRelation.rows(source("combined", "UTC", List.of()), "marked") + ")"))
                .containsExactly("3|three");
    }

    @Test
    void readsCombinedOnceALineInTheZoneOfTheSource() {
        lines(
                "raw_combined",
                "1.2.3.4 - ann [17/May/2015:23:30:03 +0000] \"GET /x HTTP/1.1\" 200 5 \"-\" \"curl\"",
                "nonsense");
        String sql = LogRelation.rows(source("combined", "Asia/Shanghai", List.of()), "raw_combined");

        assertThat(texts("SELECT client_ip, user_name, event_at, method, url, protocol, status, bytes, referrer,"
                        + " user_agent, reject_reason, ds, hh FROM (" + sql + ") ORDER BY line_number"))
                .containsExactly(
                        "1.2.3.4|ann|2015-05-17 23:30:03|GET|/x|HTTP/1.1|200|5|null|curl|null|2015-05-18|07",
                        "null|null|null|null|null|null|null|null|null|null|client address is missing|null|null");
        String plan = spark.sql(
                        "SELECT url, status, ds FROM (" + sql + ") WHERE reject_reason IS NULL AND status = 200")
                .queryExecution()
                .executedPlan()
                .toString();
        assertThat(plan.split("Generate parse_chunk", -1)).as(plan).hasSize(2);
    }

    @Test
    void namesTheFieldOfARejectedJsonLine() {
        lines(
                "raw_json",
                "{\"event_id\":\"e1\",\"event_at\":\"2026-11-01T10:05:00.123Z\",\"amount\":12,\"tag\":null}",
                "{\"event_at\":\"2026-11-01T10:05:00.123Z\"}",
                "{\"event_id\":\"e1\",\"event_at\":null}",
                "{\"event_id\":\"e1\",\"event_at\":\"10:05\"}",
                "{\"event_id\":\"e1\",\"event_at\":\"2026-11-31T10:05:00Z\"}",
                "{\"event_id\":\"e1\",\"event_at\":\"2026-11-01T10:05:00Z\",\"amount\":\"many\"}",
                "{\"event_id\":\"e1\",\"event_at\":\"2026-11-01T10:05:00Z\"",
                "not json",
                "  ",
                "[1]",
                "{\"event_id\":\"e1\",\"event_at\":\"0026-11-01T10:05:00Z\"}",
                "{\"event_id\":\"e1\",\"event_at\":\"2026-11-01T10:05:00Z\",\"price\":\"x\"}",
                "{\"event_id\":\"e\u00fc\",\"event_at\":\"2026-11-01T23:05:00-02:00\",\"price\":1.10,\"tag\":[1,2]}");
        String sql = LogRelation.rows(
                source(
                        "json",
                        "UTC",
                        List.of(
                                new ColumnNode("event_id", "string", true, ""),
                                new ColumnNode("event_at", "timestamp", true, ""),
                                new ColumnNode("amount", "bigint", false, ""),
                                new ColumnNode("price", "decimal(12,2)", false, ""),
                                new ColumnNode("tag", "string", false, ""))),
                "raw_json");

        assertThat(texts("SELECT event_id, event_at, amount, price, tag, ds, hh FROM (" + sql
                        + ") WHERE reject_reason IS NULL ORDER BY line_number"))
                .containsExactly(
                        "e1|2026-11-01 10:05:00.123|12|null|null|2026-11-01|10",
                        "e\u00fc|2026-11-02 01:05:00|null|1.10|[1,2]|2026-11-02|01");
        assertThat(texts("SELECT line_number, reject_reason FROM (" + sql
                        + ") WHERE reject_reason IS NOT NULL AND ds IS NULL ORDER BY line_number"))
                .containsExactly(
                        "2|field event_id is missing",
                        "3|field event_at is missing",
                        "4|field event_at is no timestamp: '10:05'",
                        "5|field event_at is no timestamp: '2026-11-31T10:05:00Z'",
                        "6|field amount is no bigint: 'many'",
                        "7|line is not a JSON object",
                        "8|line is not a JSON object",
                        "9|line is empty",
                        "10|line is not a JSON object",
                        "11|field event_at is before 1970 or after 9998",
                        "12|field price is no decimal(12,2): 'x'");
    }

    @Test
    void badBytesAreRejectedOrReplacedButNeverThrow() {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            byte[] line =
                    "{\"event_id\":\"e1\",\"event_at\":\"2026-11-01T10:05:00.123Z\"}".getBytes(StandardCharsets.UTF_8);
            byte other = (byte) random.nextInt(256);
            line[random.nextInt(line.length)] = other == '\n' ? 0 : other;
            rows.add(line(i, line));
        }
        view("raw_bad", rows);
        String sql = LogRelation.rows(
                source(
                        "json",
                        "UTC",
                        List.of(
                                new ColumnNode("event_id", "string", true, ""),
                                new ColumnNode("event_at", "timestamp", true, ""))),
                "raw_bad");

        assertThat(texts(
                        "SELECT COUNT(*), COUNT_IF((reject_reason IS NULL) = (event_at IS NOT NULL AND event_id IS NOT NULL AND ds IS NOT NULL)) FROM ("
                                + sql + ")"))
                .containsExactly("500|500");
    }

    private static void lines(String name, String... texts) {
        List<Row> rows = new ArrayList<>();
        for (String text : texts) {
            rows.add(line(rows.size() + 1, text.getBytes(StandardCharsets.UTF_8)));
        }
        view(name, rows);
    }

    private static Row line(long number, byte[] bytes) {
        long start = number * 1000;
        return RowFactory.create(
                "r", "s", "h", "f", start, start + bytes.length, number, 1L, new Timestamp(0), bytes, null);
    }

    private static Row chunk(String name, StringBuilder file, List<Integer> starts, int from, int to, int hour) {
        return chunk(name, file, starts, from, to, hour, null);
    }

    private static Row chunk(
            String name, StringBuilder file, List<Integer> starts, int from, int to, int hour, Long mark) {
        byte[] body = file.substring(starts.get(from), starts.get(to)).getBytes(StandardCharsets.UTF_8);
        return RowFactory.create(
                "r",
                "s",
                "h",
                name,
                (long) starts.get(from),
                (long) starts.get(to),
                from + 1L,
                (long) (to - from),
                new Timestamp(hour * 3_600_000L),
                body,
                mark);
    }

    private static void view(String name, List<Row> rows) {
        spark.createDataFrame(rows, CHUNKS)
                .selectExpr("*", "CAST(NULL AS ARRAY<STRUCT<start_offset: BIGINT, end_offset: BIGINT>>) AS known")
                .createOrReplaceTempView(name);
    }

    private static void view(String sql, String name) {
        spark.sql(sql).createOrReplaceTempView(name);
    }

    /** Rows as text, in UTC whatever the zone of this JVM. */
    private static List<String> texts(String sql) {
        return spark.sql(sql).selectExpr("*").toDF().collectAsList().stream()
                .map(row -> {
                    List<String> cells = new ArrayList<>();
                    for (int i = 0; i < row.size(); i++) {
                        cells.add(
                                row.get(i) instanceof Timestamp at
                                        ? at.toInstant()
                                                .toString()
                                                .replace("T", " ")
                                                .replace("Z", "")
                                        : String.valueOf(row.get(i)));
                    }
                    return String.join("|", cells);
                })
                .toList();
    }

    private static SourceNode source(String format, String zone, List<ColumnNode> columns) {
        return SourceNode.of("log", "t", "s")
                .hourly()
                .table("ods.ods_t_s_hi")
                .timeZone(zone)
                .format(format)
                .eventTime("event_at")
                .topic("granary.t.s")
                .columns(columns)
                .node();
    }
}
