package io.granary.functions.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.functions.TestSpark;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.JavaConverters;

/** The generators in queries: with columns taken out and without, with generated code and without, all give the same. */
class LineRowsInSqlTest {
    private static final String HITS =
            "(SELECT h.* FROM hits LATERAL VIEW parse_chunk(body, start, first_line, mark, known,"
                    + " 'combined', 'Asia/Shanghai') h)";
    private static final String EVENTS = "(SELECT e.* FROM events LATERAL VIEW json_fields(line,"
            + " 'id string, kind string, at timestamp, n bigint, r double, ok boolean, tags array<string>') e)";
    private static final StructType CHUNK =
            StructType.fromDDL("body BINARY, start BIGINT, first_line BIGINT, mark BIGINT,"
                    + " known ARRAY<STRUCT<start_offset: BIGINT, end_offset: BIGINT>>");

    @TempDir
    private static Path folder;

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = TestSpark.start(folder);
        spark.conf().set("spark.sql.shuffle.partitions", 1);
        spark.conf().set("spark.sql.adaptive.enabled", false);
        List<Row> chunks = new ArrayList<>();
        long start = 0;
        for (int chunk = 0; chunk < 4; chunk++) {
            StringBuilder body = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                body.append(hit(chunk * 50 + i));
            }
            byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
            chunks.add(RowFactory.create(bytes, start, chunk * 50L + 1, null, null));
            start += bytes.length;
        }
        spark.createDataFrame(chunks, CHUNK).createOrReplaceTempView("hits");
        List<Row> events = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            events.add(RowFactory.create(event(i)));
        }
        spark.createDataFrame(events, StructType.fromDDL("line STRING")).createOrReplaceTempView("events");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static String hit(int i) {
        return i % 17 == 3
                ? "broken " + i + "\n"
                : "10.0.0." + i % 20 + " - - [01/Nov/2026:" + (10 + i / 100) + ":0" + i % 10
                        + ":00 +0000] \"GET /p" + i % 7 + " HTTP/1.1\" " + (i % 5 == 0 ? 404 : 200) + " " + i
                        + " \"-\" \"agent " + i % 3 + "\"\r\n";
    }

    private static String event(int i) {
        return "{\"id\":\"e" + i + "\",\"kind\":\"" + (i % 3 == 0 ? "cl\\u0069ck" : "view")
                + "\",\"at\":\"2026-11-01T10:"
                + (10 + i % 50) + ":00.00" + i % 10 + "Z\",\"n\":" + (i % 4 == 0 ? "null" : i) + ",\"r\":" + i / 8.0
                + ",\"ok\":" + (i % 2 == 0) + ",\"tags\":[\"a\",\"" + i + "\"]}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT COUNT(*) FROM %h",
                "SELECT status, COUNT(*), SUM(bytes) FROM %h WHERE reject_reason IS NULL GROUP BY status ORDER BY status",
                "SELECT url FROM %h WHERE status = 404 AND bytes > 20 ORDER BY line_offset",
                "SELECT ds, hh, COUNT(*) FROM %h GROUP BY ds, hh ORDER BY ds, hh",
                "SELECT DECODE(line, 'UTF-8'), line_number FROM %h ORDER BY line_offset",
                "SELECT reject_reason, COUNT(*) FROM %h GROUP BY reject_reason ORDER BY reject_reason",
                "SELECT * FROM %h ORDER BY line_offset",
                "SELECT url, bytes FROM %h UNION ALL SELECT client_ip, status FROM %h ORDER BY 1, 2",
                "SELECT status FROM %h INTERSECT SELECT 200",
                "SELECT url FROM %h EXCEPT SELECT '/p1' ORDER BY 1",
                "WITH h AS (SELECT * FROM %h) SELECT a.status, COUNT(*), MAX(b.url) FROM h a JOIN h b"
                        + " ON a.line_offset = b.line_offset GROUP BY a.status ORDER BY 1",
                "SELECT url, ROW_NUMBER() OVER (PARTITION BY status ORDER BY line_offset) AS n FROM %h ORDER BY line_offset",
                "SELECT bytes FROM %h WHERE status IN (SELECT status FROM %h WHERE bytes = 10) ORDER BY bytes",
                "SELECT bytes FROM %h AS o WHERE bytes = (SELECT MAX(bytes) FROM %h AS i WHERE i.url = o.url) ORDER BY bytes",
                "SELECT (SELECT MAX(bytes) FROM %h), COUNT(*) FROM %h WHERE EXISTS (SELECT 1 FROM %h WHERE status = 404)",
                "SELECT kind, COUNT(*), SUM(n) FROM %e GROUP BY kind ORDER BY kind",
                "SELECT id, tags[1] FROM %e WHERE ok AND r > 3 ORDER BY at, id",
                "SELECT tag, COUNT(*) FROM %e LATERAL VIEW EXPLODE(tags) t AS tag GROUP BY tag ORDER BY 2 DESC, 1 LIMIT 3",
                "SELECT e.id, h.url FROM %e e JOIN %h h ON e.n = h.bytes ORDER BY 1, 2",
                "SELECT DISTINCT user_agent FROM %h ORDER BY 1",
                "SELECT COLLECT_LIST(url) FROM %h WHERE line_number < 5",
            })
    void takingColumnsOutChangesNothing(String sql) {
        String query = sql.replace("%h", HITS).replace("%e", EVENTS);
        List<String> expected = null;
        for (boolean generated : List.of(true, false)) {
            for (boolean pruned : List.of(false, true)) {
                spark.conf().set("spark.sql.codegen.wholeStage", generated);
                spark.conf().set("spark.sql.codegen.factoryMode", generated ? "CODEGEN_ONLY" : "NO_CODEGEN");
                spark.conf().set("spark.sql.optimizer.excludedRules", pruned ? "" : PruneColumns.class.getName());
                List<String> rows = rows(query);
                assertThat(rows).isNotEmpty();
                expected = expected == null ? rows : expected;
                assertThat(rows).isEqualTo(expected);
            }
        }
    }

    @Test
    void onlyWhatIsReadIsAskedFor() {
        spark.conf().set("spark.sql.optimizer.excludedRules", "");
        assertThat(generated("SELECT COUNT(*) FROM " + HITS)).isEmpty();
        assertThat(generated("SELECT status FROM " + HITS + " WHERE bytes > 5")).containsExactly("status", "bytes");
        assertThat(generated("SELECT status, ROW_NUMBER() OVER (ORDER BY url) FROM " + HITS + " WHERE bytes > 5"))
                .containsExactly("url", "status", "bytes");
        assertThat(generated("SELECT kind FROM " + EVENTS + " UNION ALL SELECT 'x'"))
                .containsExactly("kind");
    }

    private static List<String> generated(String sql) {
        List<String> names = new ArrayList<>();
        names(spark.sql(sql).queryExecution().optimizedPlan(), names);
        return names;
    }

    private static void names(LogicalPlan plan, List<String> into) {
        if (plan instanceof Generate generate) {
            JavaConverters.seqAsJavaList(generate.generatorOutput()).forEach(a -> into.add(a.name()));
        }
        JavaConverters.seqAsJavaList(plan.children()).forEach(child -> names(child, into));
    }

    @Test
    void rowsGoIntoTablesCachesAndStreams() throws Exception {
        spark.conf().set("spark.sql.optimizer.excludedRules", "");
        spark.sql("CREATE TABLE written (url STRING, status INT, ds STRING) USING parquet PARTITIONED BY (ds)");
        spark.sql("INSERT INTO written SELECT url, status, ds FROM " + HITS + " WHERE reject_reason IS NULL");
        assertThat(rows("SELECT COUNT(*), COUNT(url), SUM(status), MIN(ds) FROM written"))
                .isEqualTo(rows("SELECT COUNT(*), COUNT(url), SUM(status), MIN(ds) FROM " + HITS
                        + " WHERE reject_reason IS NULL"));
        spark.sql("CACHE TABLE cached AS SELECT * FROM " + HITS);
        assertThat(rows("SELECT status, COUNT(*) FROM cached GROUP BY status ORDER BY status"))
                .isEqualTo(rows("SELECT status, COUNT(*) FROM " + HITS + " GROUP BY status ORDER BY status"));
        spark.table("hits").write().parquet(folder.resolve("chunks").toString());
        spark.readStream()
                .schema(CHUNK)
                .parquet(folder.resolve("chunks").toString())
                .createOrReplaceTempView("streamed");
        var query = spark.sql("SELECT status, COUNT(*) AS n FROM " + HITS.replace("FROM hits", "FROM streamed")
                        + " WHERE reject_reason IS NULL GROUP BY status")
                .writeStream()
                .format("memory")
                .queryName("counted")
                .outputMode("complete")
                .start();
        query.processAllAvailable();
        query.stop();
        assertThat(rows("SELECT * FROM counted ORDER BY status"))
                .isEqualTo(rows("SELECT status, COUNT(*) FROM " + HITS
                        + " WHERE reject_reason IS NULL GROUP BY status ORDER BY status"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void linesBelowTheMarkAndInKnownIntervalsAreLeftOut(boolean generated) {
        spark.conf().set("spark.sql.codegen.wholeStage", generated);
        spark.conf().set("spark.sql.codegen.factoryMode", generated ? "CODEGEN_ONLY" : "NO_CODEGEN");
        assertThat(rows("""
                        SELECT l.line_offset, l.line_number, DECODE(l.line, 'UTF-8'), l.reject_reason
                        FROM VALUES
                            (CAST('a\\nbb\\n\\nccc\\r\\nd\\nee' AS BINARY), 100, 7, 102,
                                ARRAY(STRUCT(0L, 90L), STRUCT(105L, 106L), STRUCT(111L, 113L))),
                            (CAST(NULL AS BINARY), 0, 1, NULL, NULL)
                        AS c (body, start, first_line, mark, known)
                        LATERAL VIEW parse_chunk(body, start, first_line, mark, known, 'json(at): at timestamp', 'UTC') l
                        """))
                .containsExactly(
                        "[102,8,bb,line is not a JSON object]",
                        "[106,10,ccc,line is not a JSON object]",
                        "[113,12,ee,line is not a JSON object]");
    }

    /** Valid lines of any kind are read as from_json reads them. */
    @Test
    void agreesWithFromJson() {
        Random random = new Random(31);
        List<Row> lines = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            lines.add(RowFactory.create(RandomJson.object(random)));
        }
        spark.createDataFrame(lines, StructType.fromDDL("line STRING")).createOrReplaceTempView("anything");
        String columns =
                "a string, b bigint, c double, d boolean, e timestamp, f array<bigint>, g struct<x:string,y:bigint>";
        String ours = "SELECT line, j.* FROM anything LATERAL VIEW json_fields(line, '" + columns + "') j";
        String theirs = "SELECT line, j.* FROM (SELECT line, FROM_JSON(line, '" + columns + "') AS j FROM anything)";

        assertThat(rows(ours + " EXCEPT " + theirs)).isEmpty();
        assertThat(rows("SELECT COUNT(a) > 500, COUNT(b) > 500, COUNT(e) > 500, COUNT(g.x) > 300 FROM (" + ours + ")"))
                .containsExactly("[true,true,true,true]");
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatThrownBy(() -> spark.sql("SELECT parse_log('x', 'csv')"))
                .hasMessageContaining("format 'csv' is unknown; known formats: combined");
        assertThatThrownBy(() -> spark.sql("SELECT parse_log(line, line) FROM events"))
                .hasMessageContaining("parse_log needs its format as text that is written in the query");
        assertThatThrownBy(() -> spark.sql("SELECT * FROM events LATERAL VIEW json_fields(line, 'a whatever') j"))
                .hasMessageContaining("column 'a' has type 'whatever'");
        assertThatThrownBy(() -> spark.sql("SELECT * FROM events LATERAL VIEW log_fields(line, 'combined', 'Mars') j"))
                .hasMessageContaining("Mars");
        assertThat(rows("SELECT parse_log('2015-05-17 10:05:03 1.2.3.4', 'w3c: date time c-ip').client_ip"))
                .containsExactly("[1.2.3.4]");
    }

    private static List<String> rows(String sql) {
        return spark.sql(sql).collectAsList().stream()
                .map(row -> row.toString().replaceAll("\\[B@[0-9a-f]+", "bytes"))
                .toList();
    }
}
