package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.jdbc.MariaDbServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs end to end with a password that is looked for wherever it could have leaked: there is one file that may hold it. */
class SecretsTest {
    private static final String CANARY = "canary-7f3a9c51";

    @TempDir
    static Path home;

    private static MariaDbServer server;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.shared();
        Files.createDirectories(home.resolve("secrets"));
        Files.writeString(home.resolve("secrets/canary"), CANARY + "\n");
        try (java.sql.Connection connection = server.connect("shop");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE USER canary@'%' IDENTIFIED BY '" + CANARY + "'");
            statement.execute("GRANT ALL ON shop.* TO canary@'%'");
            statement.execute("CREATE TABLE canary_orders (id INT PRIMARY KEY, password VARCHAR(20), day DATE)");
            statement.execute("SET sql_mode = ''");
            statement.execute(
                    "INSERT INTO canary_orders VALUES (1, 'x', '2026-11-01'), (2, '" + CANARY + "', '0000-00-00')");
        }
        profile(server.port(), "canary");
    }

    @Test
    void neitherFilesNorOutputNorArgumentsHoldThePassword() throws Exception {
        String output = run(job("${connection:shop}", server.port(), ""), 0);
        assertThat(output).contains("1 row");
        assertThat(output).doesNotContain(CANARY);
        noFileHasIt();
        noProcessHasIt();
        assertThat(Files.readString(home.resolve("dirty/job.jsonl")))
                .as("a dirty row's column that is named password is masked")
                .contains("password=***");
    }

    @Test
    void theReferenceToAFileIsResolvedWhenTheJobRuns() throws Exception {
        assertThat(run(job("${file:secrets/canary}", server.port(), ""), 0)).doesNotContain(CANARY);
        noFileHasIt();
    }

    @Test
    void failuresDoNotShowIt() throws Exception {
        String wrongTable = run(job("${file:secrets/canary}", server.port(), "").replace("canary_orders", "gone"), 1);
        assertThat(wrongTable).contains("gone").doesNotContain(CANARY);
        int nobody = io.granary.warehouse.config.LoopbackPort.anyFree();
        String wrongHost = run(job("${file:secrets/canary}", nobody, ""), 1);
        assertThat(wrongHost).contains("cannot open connection").doesNotContain(CANARY);
        Files.writeString(home.resolve("secrets/wrong"), "canary-wrong-" + CANARY);
        String wrongPassword = run(job("${file:secrets/wrong}", server.port(), ""), 1);
        assertThat(wrongPassword).contains("canary@").doesNotContain(CANARY);
        Files.delete(home.resolve("secrets/wrong"));
        String inUrl = run(job("${file:secrets/canary}", server.port(), "?password=" + CANARY), 1);
        assertThat(inUrl).contains("jdbc").doesNotContain(CANARY);
        String inFile = run(job(CANARY, server.port(), ""), 1);
        assertThat(inFile).contains("must be a reference").doesNotContain(CANARY);
    }

    private static String job(String password, int port, String urlRest) {
        return """
                {"job": {"setting": {"errorLimit": {"record": 1}}, "content": [{
                  "reader": {"name": "mysqlreader", "parameter": {"username": "canary", "password": "%s",
                    "column": ["*"],
                    "connection": [{"jdbcUrl": ["jdbc:mysql://127.0.0.1:%d/shop%s"], "table": ["canary_orders"]}]}},
                  "writer": {"name": "hdfswriter", "parameter": {"defaultFS": "file:///", "fileType": "orc",
                    "path": "%s", "fileName": "part", "writeMode": "truncate",
                    "column": [{"name": "id", "type": "int"}, {"name": "secret", "type": "string"},
                      {"name": "day", "type": "date"}]}}}]}}
                """.formatted(password, port, urlRest, home.resolve("out"));
    }

    /** Runs it as the command does; gives all that is printed and logged. */
    private static String run(String job, int exit) throws IOException {
        Path file = Files.writeString(home.resolve("job.json"), job);
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            int code = JobCommand.run("run", file.toString(), "--home", home.toString());
            assertThat(code).as(printed.toString(StandardCharsets.UTF_8)).isEqualTo(exit);
        } finally {
            System.setOut(out);
            System.setErr(err);
            Files.delete(file);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static void noFileHasIt() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.equals(home.resolve("secrets/canary"))) {
                    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain(CANARY);
                }
            }
        }
    }

    private static void noProcessHasIt() throws IOException {
        List<ProcessHandle> all = Stream.concat(
                        Stream.of(ProcessHandle.current()),
                        ProcessHandle.current().descendants())
                .toList();
        for (ProcessHandle process : all) {
            for (String part : List.of("cmdline", "environ")) {
                Path file = Path.of("/proc", Long.toString(process.pid()), part);
                if (Files.isReadable(file)) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain(CANARY);
                }
            }
        }
    }

    private static void profile(int port, String user) throws IOException, SQLException {
        Files.writeString(home.resolve("profile.yaml"), """
                name: local
                fs: file:///
                connections:
                  shop: {type: mariadb, host: 127.0.0.1, port: %d, database: shop, user: %s, password: "${file:secrets/canary}"}
                """.formatted(port, user));
    }
}
