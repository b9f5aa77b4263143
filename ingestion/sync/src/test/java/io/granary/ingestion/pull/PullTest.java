package io.granary.ingestion.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.file.Sources;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.manifest.FileFetch;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.TableRead;
import io.granary.warehouse.text.Digests;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** `granary pull` against a real SFTP, FTP and HTTP server, into a real warehouse. */
class PullTest {
    private static final String DS = "2026-11-01";
    private static final FileFetch.Retry RETRY = new FileFetch.Retry(3, "0s");
    private static final String HEADER = "id,amount,at,note\n";

    @TempDir
    static Path shared;

    @TempDir
    Path home;

    private static Path root;
    private static SftpTestServer sftp;
    private static FtpTestServer ftp;
    private static HttpTestServer http;
    private static HttpTestServer mirror;
    private static SqlSession sql;

    private StringWriter err;

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

    private void profile(int sftpPort, String hostKey) throws Exception {
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

    @Test
    void filesOfAnSftpServerAreLandedWhenTheyAreCompleteAndAgainWhenTheyChange() throws Exception {
        SourceNode source = source(
                "refund",
                "ftp",
                "payments",
                "/{ds:yyyyMMdd}/refund-*.csv.gz",
                new FileFetch.Completeness("/{ds:yyyyMMdd}/_SUCCESS", null, null),
                "sha256",
                null);
        write("20261101/refund-1.csv.gz", gzip(HEADER + "1,10.50,2026-11-01 10:05:00.5,\"=1+2, \"\"x\"\"\"\n2,,,\n"));
        write("20261101/refund-2.csv.gz", gzip("note,at,amount,id\n\"\",2026-11-01T10:05:00+08:00,-0.01,3\n"));
        sums("20261101/refund-1.csv.gz", "20261101/refund-2.csv.gz");

        assertThat(pull(source)).isEqualTo(1);
        assertThat(err.toString()).contains("marker /20261101/_SUCCESS is not there", "was due", "--wait");

        write("20261101/_SUCCESS", "");
        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(rows(source))
                .containsExactly(
                        "1|10.50|2026-11-01 10:05:00.5|=1+2, \"x\"",
                        "2|null|null|null",
                        "3|-0.01|2026-11-01 02:05:00|");
        assertThat(home.resolve("pull/files.refund/" + DS)).doesNotExist();
        String version = location(source);

        assertThat(pull(source)).isZero();
        assertThat(err.toString()).contains("has these files already: nothing to do");
        assertThat(location(source)).isEqualTo(version);

        write("20261101/refund-2.csv.gz", gzip(HEADER + "4,1.00,,changed\n"));
        sums("20261101/refund-2.csv.gz");
        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(err.toString())
                .contains("payments:/20261101/refund-2.csv.gz has changed. The day is published again");
        assertThat(rows(source)).hasSize(3).contains("4|1.00|null|changed");
    }

    @Test
    void aHostKeyThatTheProfileDoesNotKnowEndsItBeforeAPasswordIsSent() throws Exception {
        SourceNode source = source("foreign", "ftp", "payments", "/any.csv", null, null, null);
        profile(sftp.port(), "SHA256:" + "A".repeat(43));
        assertThat(pull(source)).isEqualTo(1);
        assertThat(err.toString()).contains("shows the host key " + sftp.fingerprint(), "Nothing was sent");
        assertThat(err.toString()).doesNotContain("s3cret", "again in");
    }

    @Test
    void aConnectionThatDropsIsGoneOnFrom() throws Exception {
        SourceNode source = source("dropped", "ftp", "payments", "/dropped.csv", null, null, null);
        String content = HEADER
                + Stream.iterate(1, i -> i + 1)
                        .limit(20_000)
                        .map(i -> i + ",1.00,,row " + i + "\n")
                        .reduce("", String::concat);
        write("dropped.csv", content);
        int port = LoopbackPort.anyFree();
        profile(port, sftp.fingerprint());
        try (CuttingProxy proxy = new CuttingProxy(port, sftp.port(), 2, 150_000)) {
            assertThat(pull(source)).as(err.toString()).isZero();
            assertThat(proxy.left()).isZero();
        }
        assertThat(sql.query("SELECT CAST(count(*) AS STRING), CAST(sum(id) AS STRING) FROM " + source.table())
                        .rows())
                .containsExactly(List.of("20000", "200010000"));
    }

    @Test
    void anFtpServerIsAskedForTheRestOnly() throws Exception {
        SourceNode source = source("rest", "ftp", "bank", "/rest.csv", null, null, null);
        write("rest.csv", HEADER + "1,1.00,,a\n2,2.00,,b\n");
        Files.setLastModifiedTime(root.resolve("rest.csv"), FileTime.from(Instant.parse("2026-11-02T00:00:00Z")));
        // as a process left it that was killed
        Path part = home.resolve(
                "pull/files.rest/" + DS + "/" + Digests.sha256("/rest.csv").substring(0, 32) + ".part");
        Files.createDirectories(part.getParent());
        Files.writeString(part, HEADER + "1,1.00,,a\n");
        Files.writeString(part.resolveSibling(part.getFileName() + ".version"), "38 2026-11-02T00:00:00Z /rest.csv");

        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(ftp.commands()).contains("REST " + (HEADER + "1,1.00,,a\n").length());
        assertThat(rows(source)).containsExactly("1|1.00|null|a", "2|2.00|null|b");
    }

    @Test
    void rowsThatDoNotFitAreKeptAsideUpToTheLimit() throws Exception {
        SourceNode source = source("dirty", "ftp", "bank", "/dirty.csv", null, null, new TableRead.Errors(2L, null));
        write("dirty.csv", HEADER + "1,1.001,,a\nx,2.00,2026-02-30 00:00:00,b\n3,3.00,,c\n");
        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(rows(source)).containsExactly("3|3.00|null|c");
        assertThat(Files.readString(home.resolve("dirty/pull.files.dirty." + DS + ".jsonl")))
                .contains("/dirty.csv, line 2", "\"column\":\"amount\"", "1.001", "/dirty.csv, line 3", "2026-02-30");

        write("dirty.csv", HEADER + "1,1.001,,a\nx,2.00,,b\n,3.00,,c\n");
        assertThat(pull(source)).isEqualTo(1);
        assertThat(err.toString()).contains("/dirty.csv, line 4", "id");
        assertThat(rows(source)).containsExactly("3|3.00|null|c");
    }

    @Test
    void aManifestSaysWhatIsThereAndTheRestIsFetchedByRange() throws Exception {
        SourceNode source = new FileFetchOf("rates", "rates", "/v1/{ds}/rates-*.jsonl")
                .json(new FileFetch.Completeness(null, "/v1/{ds}/MANIFEST.json", null));
        String rows = "{\"id\": 1, \"amount\": 1.5, \"note\": \"é\", \"extra\": 1}\n{\"id\": 2, \"amount\": null}\n";
        http.put("/v1/" + DS + "/rates-1.jsonl", rows);
        assertThat(pull(source)).isEqualTo(1);
        assertThat(err.toString()).contains("manifest /v1/2026-11-01/MANIFEST.json is not there");

        http.put(
                "/v1/" + DS + "/MANIFEST.json",
                "{\"files\": [{\"name\": \"rates-1.jsonl\", \"size\": " + rows.getBytes(StandardCharsets.UTF_8).length
                        + ", \"sha256\": \"" + Digests.sha256(rows) + "\"}]}");
        http.cut("/v1/" + DS + "/rates-1.jsonl", 20);
        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(rows(source)).containsExactly("1|1.50|null|é", "2|null|null|null");
        assertThat(err.toString()).contains("not taken, since no column has its name: key 'extra'");
        assertThat(http.requests()).contains("GET /v1/2026-11-01/rates-1.jsonl bytes=20- with credentials");
    }

    @Test
    void aWrongSumIsNoDay() throws Exception {
        SourceNode source = source("wrong", "http", "rates", "/wrong.csv", null, "md5", null);
        http.put("/wrong.csv", HEADER + "1,1.00,,a\n");
        http.put("/wrong.csv.md5", "0123456789abcdef0123456789abcdef  wrong.csv\n");
        assertThat(pull(source)).isEqualTo(1);
        assertThat(err.toString()).contains("/wrong.csv has the MD5 sum", "0123456789abcdef", "Nothing was published");
        assertThat(sql.query("SHOW TABLES IN ods LIKE 'ods_files_wrong_di'").rows())
                .isEmpty();
    }

    @Test
    void redirectsLeadToServersOfTheProfileOnly() throws Exception {
        mirror.put("/moved.csv", HEADER + "1,1.00,,a\n");
        http.redirect("/moved.csv", "http://127.0.0.1:" + mirror.port() + "/moved.csv");
        SourceNode moved = source("moved", "http", "rates", "/moved.csv", null, null, null);
        assertThat(pull(moved)).as(err.toString()).isZero();
        assertThat(mirror.requests()).allMatch(r -> !r.contains("credentials"));

        try (HttpTestServer foreign = new HttpTestServer()) {
            http.redirect("/foreign.csv", "http://127.0.0.1:" + foreign.port() + "/foreign.csv");
            assertThat(pull(source("away", "http", "rates", "/foreign.csv", null, null, null)))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .contains("redirects to http://127.0.0.1:" + foreign.port(), "no server of the profile");
            assertThat(foreign.requests()).isEmpty();
        }
        http.redirect("/meta.csv", "http://169.254.169.254/latest/meta-data");
        assertThat(pull(source("meta", "http", "rates", "/meta.csv", null, null, null)))
                .isEqualTo(1);
        assertThat(err.toString()).contains("is at 169.254.169.254");
    }

    @Test
    void aFileThatGrowsIsNotTaken() throws Exception {
        http.put("/growing.csv", HEADER + "1,1.00,,a\n");
        http.grow("/growing.csv", "2,2.00,,b\n");
        assertThat(pull(source("growing", "http", "rates", "/growing.csv", null, null, null)))
                .isEqualTo(1);
        assertThat(err.toString()).contains("somebody is still writing it");
        assertThat(pull(source(
                        "unstable",
                        "http",
                        "rates",
                        "/growing.csv",
                        new FileFetch.Completeness(null, null, "0s"),
                        null,
                        null)))
                .isEqualTo(1);
        assertThat(err.toString()).contains("are still being written");
    }

    @Test
    void aKilledPullLeavesTheDayAsItWasAndIsGoneOnFrom() throws Exception {
        SourceNode source = source("killed", "http", "rates", "/killed.csv", null, null, null);
        http.put("/killed.csv", HEADER + "1,1.00,,before\n");
        assertThat(pull(source)).as(err.toString()).isZero();
        StringBuilder rows = new StringBuilder(HEADER);
        for (int i = 2; i < 20_000; i++) {
            rows.append(i).append(",1.00,,after\n");
        }
        http.put("/killed.csv", rows.toString());
        http.slow("/killed.csv", true);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:Tiered"))
                .forEach(command::add);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                PullCommand.class.getName(),
                source.qualifiedName(),
                "--ds",
                DS,
                "--home",
                home.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("child.log").toFile())
                .start();
        Path part = home.resolve(
                "pull/files.killed/" + DS + "/" + Digests.sha256("/killed.csv").substring(0, 32) + ".part");
        long until = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while ((!Files.exists(part) || Files.size(part) < 2000) && process.isAlive() && System.nanoTime() < until) {
            Thread.sleep(50);
        }
        process.destroyForcibly().waitFor();
        long there = Files.size(part);
        assertThat(there).as(Files.readString(home.resolve("child.log"))).isBetween(2000L, rows.length() - 1L);
        assertThat(rows(source)).containsExactly("1|1.00|null|before");

        http.slow("/killed.csv", false);
        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(http.requests()).contains("GET /killed.csv bytes=" + there + "- with credentials");
        assertThat(err.toString()).contains("rates:/killed.csv has changed. The day is published again");
        assertThat(rows(source)).hasSize(19_998).doesNotContain("1|1.00|null|before");
    }

    @Test
    void afterTheDeadlineItIsLate() throws Exception {
        FileFetch fetch = new FileFetch("/late.csv", Sources.CSV, null, null, RETRY, null);
        SourceNode source = Sources.pulled("late", "http", "rates", fetch, "1s");
        Sources.manifest(source).write(home.resolve("target/manifest.json"));
        String past = LocalDate.now(ZoneOffset.UTC).minusDays(2).toString();
        assertThat(run("files.late", "--ds", past, "--wait")).isEqualTo(1);
        assertThat(err.toString())
                .contains("files.late ds=" + past + " is late: there is no file /late.csv", "rates's owner");
    }

    private static SourceNode source(
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
    private record FileFetchOf(String name, String connection, String path) {
        SourceNode json(FileFetch.Completeness complete) {
            return Sources.pulled(
                    name, "http", connection, new FileFetch(path, null, complete, null, RETRY, null), "36500d");
        }
    }

    private int pull(SourceNode source) {
        Sources.manifest(source).write(home.resolve("target/manifest.json"));
        return run(source.qualifiedName(), "--ds", DS);
    }

    private int run(String... args) {
        err = new StringWriter();
        String[] all = Stream.concat(Stream.of(args), Stream.of("--home", home.toString()))
                .toArray(String[]::new);
        return new CommandLine(new PullCommand(Duration.ofSeconds(5), Duration.ofMillis(200)))
                .setErr(new PrintWriter(err))
                .execute(all);
    }

    private static List<String> rows(SourceNode source) {
        return sql
                .query("SELECT concat_ws('|', id, coalesce(CAST(amount AS STRING), 'null'),"
                        + " coalesce(CAST(at AS STRING), 'null'), coalesce(note, 'null')) FROM " + source.table()
                        + " WHERE ds = '" + DS + "' ORDER BY id")
                .rows()
                .stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    private static String location(SourceNode source) {
        return sql.query("DESCRIBE FORMATTED " + source.table() + " PARTITION (ds = '" + DS + "')").rows().stream()
                .filter(row -> row.get(0).equals("Location"))
                .map(row -> String.valueOf(row.get(1)))
                .findFirst()
                .orElseThrow();
    }

    private static void write(String path, String content) throws Exception {
        write(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(String path, byte[] content) throws Exception {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private static void sums(String... paths) throws Exception {
        for (String path : paths) {
            Path file = root.resolve(path);
            write(path + ".sha256", Digests.of(file, "SHA-256") + "  " + file.getFileName() + "\n");
        }
    }

    private static byte[] gzip(String text) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }
}
