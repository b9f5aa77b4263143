package io.granary.ingestion.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.warehouse.config.Profile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DataX jobs that read from an FTP and an HTTP server. */
class RemoteReadersTest {
    @TempDir
    Path folder;

    private FtpTestServer ftp;
    private HttpTestServer http;
    private Profile profile;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(folder.resolve("root/in/2026"));
        ftp = new FtpTestServer(folder.resolve("root"));
        http = new HttpTestServer();
        Path file = Files.writeString(folder.resolve("profile.yaml"), """
                connections:
                  bank: {type: ftp, host: 127.0.0.1, port: %d, user: granary, password: s3cret, tls: false}
                  rates: {type: http, host: 127.0.0.1, port: %d, user: me, password: s3cret, tls: false}
                """.formatted(ftp.port(), http.port()));
        profile = Profile.load(file, Map.of("TOKEN", "t0ken"));
    }

    @AfterEach
    void stop() {
        ftp.close();
        http.close();
    }

    @Test
    void ftpFilesOfAFolderAreRows() throws Exception {
        Files.writeString(folder.resolve("root/in/a.txt"), "id|day|note\n1|2026.11.01| x \n2|2026.11.02|\\N\n");
        Files.writeString(folder.resolve("root/in/2026/b.txt"), "id|day|note\n3|2026.11.03|\"| \"\n");
        run("""
                {"name": "ftpreader", "parameter": {"protocol": "ftp", "host": "127.0.0.1", "port": %d,
                 "username": "granary", "password": "${connection:bank}", "path": ["/in"], "fieldDelimiter": "|",
                 "skipHeader": true, "column": [{"index": 0, "type": "long"},
                 {"index": 1, "type": "date", "format": "yyyy.MM.dd"}, {"index": 2, "type": "string"},
                 {"type": "string", "value": "const"}]}}
                """.formatted(ftp.port()), "bigint", "date", "string", "string");
        assertThat(Fixture.rows(folder.resolve("out")))
                .<List<Object>>extracting(row -> new java.util.ArrayList<>(row.values()))
                .containsExactlyInAnyOrder(
                        List.<Object>of(1L, "2026-11-01", "x", "const"),
                        java.util.Arrays.<Object>asList(2L, "2026-11-02", null, "const"),
                        List.<Object>of(3L, "2026-11-03", "| ", "const"));
    }

    @Test
    void aJsonAnswerIsRows() throws Exception {
        http.put(
                "/v1/rates",
                "{\"skipped\": [1, {\"items\": 2}], \"data\": {\"items\": [{\"code\": \"CNY\", \"rate\": 7.8},"
                        + " {\"rate\": 1.10, \"code\": \"USD\"}]}}");
        run("""
                {"name": "httpreader", "parameter": {"url": ["http://127.0.0.1:%d/v1/rates?key=hidden"], "format": "json",
                 "resultKey": "data.items", "headers": {"X-Token": "${env:TOKEN}"},
                 "column": [{"name": "code", "type": "string"}, {"name": "rate", "type": "decimal(9,2)"}]}}
                """.formatted(http.port()), "string", "decimal(9,2)");
        assertThat(Fixture.rows(folder.resolve("out")))
                .extracting(row -> String.join(
                        "|", row.values().stream().map(String::valueOf).toList()))
                .containsExactly("CNY|7.8", "USD|1.1");
    }

    @Test
    void serversThatTheProfileDoesNotNameAreNotAsked() {
        assertThatThrownBy(() -> run("""
                {"name": "httpreader", "parameter": {"url": ["http://169.254.169.254/latest?key=hidden"],
                 "column": [{"index": 0, "type": "string"}]}}
                """, "string"))
                .hasMessageContaining("http://169.254.169.254/latest is on no server of the profile")
                .message()
                .doesNotContain("hidden");
        assertThatThrownBy(() -> run("""
                {"name": "ftpreader", "parameter": {"protocol": "ftp", "host": "localhost", "port": %d,
                 "username": "granary", "password": "${connection:bank}", "path": ["/in"],
                 "column": [{"index": 0, "type": "string"}]}}
                """.formatted(ftp.port()), "string"))
                .hasMessageContaining("connection bank")
                .hasMessageContaining("is another");
        http.put("/x.csv", "1\nx\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> run("""
                {"name": "httpreader", "parameter": {"url": ["http://127.0.0.1:%d/x.csv?key=hidden"],
                 "column": [{"index": 0, "type": "long"}]}}
                """.formatted(http.port()), "bigint"))
                .hasMessageContaining("/x.csv, line 2")
                .message()
                .doesNotContain("hidden");
    }

    private void run(String reader, String... types) {
        StringBuilder columns = new StringBuilder();
        for (int i = 0; i < types.length; i++) {
            columns.append(i == 0 ? "" : ", ").append("{\"name\": \"c" + i + "\", \"type\": \"" + types[i] + "\"}");
        }
        String job = "{\"job\": {\"content\": [{\"reader\": " + reader + ", \"writer\": {\"name\": \"hdfswriter\","
                + " \"parameter\": {\"defaultFS\": \"file:///\", \"path\": \"" + folder.resolve("out")
                + "\", \"fileType\": \"orc\", \"fileName\": \"part\", \"writeMode\": \"nonConflict\", \"column\": ["
                + columns + "]}}}]}}";
        new NativeEngine(profile, Fixture.HADOOP).run(DataxJson.read(job, "test"), PartLog.NONE);
    }
}
