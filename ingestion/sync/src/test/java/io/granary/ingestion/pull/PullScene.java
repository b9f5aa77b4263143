package io.granary.ingestion.pull;

import io.granary.ingestion.file.Sources;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.manifest.FileFetch;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.TableRead;
import io.granary.warehouse.text.Digests;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Real SFTP, FTP and HTTP servers, and {@code granary pull} from them into a real warehouse. */
abstract class PullScene {
    static final String DS = "2026-11-01";
    static final FileFetch.Retry RETRY = new FileFetch.Retry(3, "0s");
    static final String HEADER = "id,amount,at,note\n";

    @TempDir
    static Path shared;

    @TempDir
    Path home;

    static Path root;
    static SftpTestServer sftp;
    static FtpTestServer ftp;
    static HttpTestServer http;
    static HttpTestServer mirror;
    static SqlSession sql;

    StringWriter err;

    @BeforeAll
    static void start() throws Exception {
        root = Files.createDirectories(shared.resolve("root"));
        sftp = new SftpTestServer(root, shared.resolve("hostkey"));
        ftp = new FtpTestServer(root);
        http = new HttpTestServer();
        mirror = new HttpTestServer();
        sql = HiveJdbcSession.open(LocalWarehouse.shared().profile());
    }

    @AfterAll
    static void stop() throws Exception {
        sql.close();
        mirror.close();
        http.close();
        ftp.close();
        sftp.close();
    }

    @BeforeEach
    void profile() throws Exception {
        profile(sftp.port(), sftp.fingerprint());
    }

    void profile(int sftpPort, String hostKey) throws Exception {
        Files.writeString(
                home.resolve("profile.yaml"),
                Files.readString(LocalWarehouse.shared().profileFile())
                        + """
                        connections:
                          payments: {type: sftp, host: 127.0.0.1, port: %d, user: granary, password: s3cret, host_key: "%s"}
                          bank: {type: ftp, host: 127.0.0.1, port: %d, user: granary, password: s3cret, tls: false}
                          rates: {type: http, host: 127.0.0.1, port: %d, user: granary, password: s3cret, tls: false}
                          mirror: {type: http, host: 127.0.0.1, port: %d, tls: false}
                          cloud: {type: http, host: 169.254.169.254, tls: false}
                        """.formatted(sftpPort, hostKey, ftp.port(), http.port(), mirror.port()));
    }

    static SourceNode source(
            String name,
            String type,
            String connection,
            String path,
            FileFetch.Completeness complete,
            String checksum,
            TableRead.Errors errors) {
        return Sources.pulled(
                name, type, connection, new FileFetch(path, Sources.CSV, complete, checksum, RETRY, errors), "36500d");
    }

    /** A source of JSON lines. */
    record FileFetchOf(String name, String connection, String path) {
        SourceNode json(FileFetch.Completeness complete) {
            return Sources.pulled(
                    name, "http", connection, new FileFetch(path, null, complete, null, RETRY, null), "36500d");
        }
    }

    int pull(SourceNode source) {
        Sources.manifest(source).write(home.resolve("target/manifest.json"));
        return run(source.qualifiedName(), "--ds", DS);
    }

    int run(String... args) {
        err = new StringWriter();
        String[] all = Stream.concat(Stream.of(args), Stream.of("--home", home.toString()))
                .toArray(String[]::new);
        return new CommandLine(new PullCommand(Duration.ofSeconds(5), Duration.ofMillis(200)))
                .setErr(new PrintWriter(err))
                .execute(all);
    }

    static List<String> rows(SourceNode source) {
        return sql
                .query("SELECT concat_ws('|', id, coalesce(CAST(amount AS STRING), 'null'),"
                        + " coalesce(CAST(at AS STRING), 'null'), coalesce(note, 'null')) FROM " + source.table()
                        + " WHERE ds = '" + DS + "' ORDER BY id")
                .rows()
                .stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    static String location(SourceNode source) {
        return sql.query("DESCRIBE FORMATTED " + source.table() + " PARTITION (ds = '" + DS + "')").rows().stream()
                .filter(row -> row.get(0).equals("Location"))
                .map(row -> String.valueOf(row.get(1)))
                .findFirst()
                .orElseThrow();
    }

    static void write(String path, String content) throws Exception {
        write(path, content.getBytes(StandardCharsets.UTF_8));
    }

    static void write(String path, byte[] content) throws Exception {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    static void sums(String... paths) throws Exception {
        for (String path : paths) {
            Path file = root.resolve(path);
            write(path + ".sha256", Digests.of(file, "SHA-256") + "  " + file.getFileName() + "\n");
        }
    }

    static byte[] gzip(String text) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }
}
