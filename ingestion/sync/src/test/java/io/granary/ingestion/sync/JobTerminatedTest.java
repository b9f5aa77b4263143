package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.tablestore.testing.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code granary job run} is told to end (SIGTERM) in the middle: exit code 143, and the target is as it was. */
class JobTerminatedTest {
    private static final String DATABASE = "ended_jobs";
    private static final int ROWS = 100_000;

    @TempDir
    static Path home;

    private static MariaDbServer server;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.shared();
        server.database(DATABASE);
        Fixture.profile(home, server);
        server.execute(
                DATABASE,
                "CREATE TABLE orders (id INT PRIMARY KEY, note VARCHAR(100))",
                "INSERT INTO orders SELECT seq, repeat('x', 50) FROM seq_1_to_" + ROWS,
                "CREATE TABLE target (id INT PRIMARY KEY, note VARCHAR(100))",
                "INSERT INTO target VALUES (1, 'old'), (2, 'old')");
    }

    @Test
    void aFolderHasTheFilesThatItHad() throws Exception {
        Path out = Files.createDirectories(home.resolve("out"));
        Files.writeString(out.resolve("part-old.orc"), "of yesterday");
        ChildProcess child = run("""
                {"name": "hdfswriter", "parameter": {"defaultFS": "file:///", "fileType": "orc", "path": "%s",
                 "fileName": "part", "writeMode": "truncate",
                 "column": [{"name": "id", "type": "int"}, {"name": "note", "type": "string"}]}}
                """.formatted(out));
        try {
            await(() -> files(out).stream().anyMatch(name -> name.startsWith(".part-")), "folder");
            assertThat(child.terminate()).isEqualTo(143);
        } finally {
            child.kill();
        }
        assertThat(files(out)).as(said("folder")).containsExactly("part-old.orc");
    }

    @Test
    void aTableHasTheRowsThatItHad() throws Exception {
        ChildProcess child = run("""
                {"name": "mysqlwriter", "parameter": {"username": "granary", "password": "${file:secrets/mariadb}",
                 "column": ["*"], "preSql": ["DELETE FROM @table"],
                 "connection": [{"jdbcUrl": "%s", "table": ["target"]}]}}
                """.formatted(url()));
        try {
            await(
                    () -> server.number(
                                    DATABASE,
                                    "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_rows_modified > 1000")
                            > 0,
                    "table");
            assertThat(child.terminate()).isEqualTo(143);
        } finally {
            child.kill();
        }
        assertThat(server.number(DATABASE, "SELECT count(*) FROM target WHERE note = 'old'"))
                .isEqualTo(2);
        assertThat(server.number(DATABASE, "SELECT count(*) FROM target")).isEqualTo(2);
    }

    private static String url() {
        return "jdbc:mysql://127.0.0.1:" + server.port() + "/" + DATABASE;
    }

    /** Starts a job that would need half a minute. */
    private static ChildProcess run(String writer) throws Exception {
        Path job = Files.writeString(
                home.resolve(writer.contains("hdfswriter") ? "folder.json" : "table.json"),
                """
                {"job": {"setting": {"speed": {"channel": 1, "record": 3000}}, "content": [{
                  "reader": {"name": "mysqlreader", "parameter": {"username": "granary",
                    "password": "${file:secrets/mariadb}", "column": ["*"],
                    "connection": [{"jdbcUrl": ["%s"], "table": ["orders"]}]}},
                  "writer": %s}]}}
                """.formatted(url(), writer));
        return ChildProcess.start(JobCommand.class, home, "run", job.toString(), "--home", home.toString());
    }

    /** Something that comes about. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition, String job) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(said(job)).isLessThan(until);
            // InnoDB shows its transactions anew only to who has not looked for 0.1 s
            Thread.sleep(150);
        }
    }

    /** What both jobs said so far. */
    private static String said(String job) throws Exception {
        return job + ": " + Files.readString(home.resolve("JobCommand.err"));
    }

    private static List<String> files(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> !name.endsWith(".crc"))
                    .sorted()
                    .toList();
        }
    }
}
