package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.datax.StandIn;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.spark.SparkApplication;
import io.granary.tablestore.testing.LocalWarehouse;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code granary job run --engine}: one job by hand, by each engine. */
class EngineOptionTest {
    /** Not a lambda of a test's own session: a process has one. */
    private static final SparkApplication SPARK =
            profile -> LocalWarehouse.shared().spark();

    @TempDir
    Path home;

    private String said;

    @BeforeEach
    void table() throws Exception {
        MariaDbServer server = MariaDbServer.shared();
        Fixture.profile(home, server);
        server.execute(
                "shop",
                "DROP TABLE IF EXISTS by_engine",
                "CREATE TABLE by_engine (id BIGINT UNSIGNED PRIMARY KEY, amount DECIMAL(12,2), at DATETIME(6), name VARCHAR(9))",
                "INSERT INTO by_engine VALUES (18446744073709551615, -0.07, '2026-03-29 02:30:00.123456', ''),"
                        + " (7, NULL, NULL, NULL)");
    }

    private static String database(String what) throws Exception {
        return """
                {"name": "mysqlreader", "parameter": {"username": "granary", "password": "${connection:shop}", %s]}}""".formatted(what.formatted(MariaDbServer.shared().port()));
    }

    private static String table(String columns) throws Exception {
        return database("\"column\": " + columns + ", \"splitPk\": \"id\", \"connection\": [{\"jdbcUrl\":"
                + " [\"jdbc:mysql://127.0.0.1:%d/shop\"], \"table\": [\"by_engine\"]}");
    }

    private static String query(String sql) throws Exception {
        return database("\"connection\": [{\"jdbcUrl\": [\"jdbc:mysql://127.0.0.1:%d/shop\"], \"querySql\": [\"" + sql
                + "\"]}");
    }

    private Path job(String out, String columns) throws Exception {
        return read(out, table(columns));
    }

    private Path read(String out, String reader) throws Exception {
        return Files.writeString(home.resolve("job.json"), """
                {"job": {"setting": {"speed": {"channel": 2}}, "content": [{
                  "reader": %s,
                  "writer": {"name": "hdfswriter", "parameter": {"defaultFS": "file:///", "path": "%s", "fileName": "part",
                    "fileType": "orc", "writeMode": "append", "column": [{"name": "id", "type": "string"},
                      {"name": "amount", "type": "decimal(14,3)"}, {"name": "at", "type": "timestamp"}, {"name": "name", "type": "string"}]}}}]}}
                """.formatted(reader, home.resolve(out)));
    }

    private int run(Path job, Map<String, String> environment, String... options) {
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            List<String> args = new java.util.ArrayList<>(List.of("run", job.toString(), "--home", home.toString()));
            args.addAll(List.of(options));
            return JobCommand.run(new JobCommand(SPARK, environment, "native"), args.toArray(String[]::new));
        } finally {
            System.setErr(before);
            said = err.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void theRowsAreTheSameByEachEngine() throws Exception {
        Path datax = Files.createDirectories(home.resolve("datax"));
        StandIn.install(datax, "work");
        Map<String, String> installed = Map.of("DATAX_HOME", datax.toString(), "DATAX_JAVA_HOME", datax.toString());
        for (String engine : List.of("native", "spark", "datax")) {
            assertThat(run(job(engine, "[\"*\"]"), installed, "--engine", engine))
                    .as(engine + ": " + said)
                    .isZero();
            assertThat(said).contains("read        2 rows, ", "written     2 rows", "left out    0 rows");
            assertThat(Fixture.rows(home.resolve(engine)))
                    .as(engine)
                    .hasSize(2)
                    .anySatisfy(row -> assertThat(row)
                            .containsEntry("id", "18446744073709551615")
                            .containsEntry("at", "2026-03-29 02:30:00.123456"))
                    .containsExactlyInAnyOrderElementsOf(Fixture.rows(home.resolve("native")));
        }
    }

    /** Expressions with and without a name, constants, queries whose columns have the same name, ORC to ORC. */
    @Test
    void sparkReadsWhatTheNativeEngineReads() throws Exception {
        Map<String, String> readers = Map.of(
                "expressions",
                        table("[\"id\", \"amount * 2\", \"at + INTERVAL 1 DAY\", \"concat('@table', name) AS shown\"]"),
                "constants", table("[\"7\", \"CAST(NULL AS CHAR)\", \"CAST('2026-11-01' AS DATETIME)\", \"'@table'\"]"),
                "query", query("SELECT id, amount, at, name FROM by_engine WHERE id > 7"),
                "names", query("WITH x AS (SELECT * FROM by_engine) SELECT id, amount, at, id FROM x"));
        for (Map.Entry<String, String> reader : readers.entrySet()) {
            String name = reader.getKey();
            assertThat(run(read(name + "-native", reader.getValue()), Map.of()))
                    .as(name + ": " + said)
                    .isZero();
            assertThat(run(read(name + "-spark", reader.getValue()), Map.of(), "--engine", "spark"))
                    .as(name + ": " + said)
                    .isZero();
            assertThat(Fixture.rows(home.resolve(name + "-spark")))
                    .as(name)
                    .isNotEmpty()
                    .containsExactlyInAnyOrderElementsOf(Fixture.rows(home.resolve(name + "-native")));
        }
        String orc = """
                {"name": "hdfsreader", "parameter": {"defaultFS": "file:///", "path": "%s", "fileType": "orc", "column": ["*"]}}""".formatted(home.resolve("query-native"));
        assertThat(run(read("again", orc), Map.of(), "--engine", "spark"))
                .as(said)
                .isZero();
        assertThat(Fixture.rows(home.resolve("again"))).isEqualTo(Fixture.rows(home.resolve("query-native")));
    }

    @Test
    void aQueryThatIsNeverTheSameIsNotTaken() throws Exception {
        assertThat(run(
                        read("out", query("SELECT id, amount, at, uuid() FROM by_engine")),
                        Map.of(),
                        "--engine",
                        "spark"))
                .isEqualTo(1);
        assertThat(said).contains("SELECT id, amount, at, uuid() FROM by_engine changed while the job read it");
        assertThat(Files.exists(home.resolve("out")) ? Fixture.rows(home.resolve("out")) : List.of())
                .isEmpty();
    }

    @Test
    void whatAnEngineCannotIsSaid() throws Exception {
        assertThat(run(job("out", "[\"*\"]"), Map.of(), "--engine", "flink")).isEqualTo(1);
        assertThat(said).contains("there is no engine 'flink'; there are: native, spark, datax");
        assertThat(run(job("out", "[\"*\"]"), Map.of(), "--engine", "datax")).isEqualTo(1);
        assertThat(said).contains("set DATAX_HOME");
        Path datax = Files.createDirectories(home.resolve("datax"));
        StandIn.install(datax, "work");
        Map<String, String> installed = Map.of("DATAX_HOME", datax.toString(), "DATAX_JAVA_HOME", datax.toString());
        Path expressions = job("out", "[\"id\", \"amount * 2\", \"at\", \"name\"]");
        assertThat(run(expressions, installed, "--engine", "datax")).isEqualTo(1);
        assertThat(said).contains("engine datax does not run querySql, and columns that are expressions");
        assertThat(home.resolve("out")).doesNotExist();
    }
}
