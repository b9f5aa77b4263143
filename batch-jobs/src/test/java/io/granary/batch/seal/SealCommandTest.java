package io.granary.batch.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.run.RunResults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb against a real metastore and Thrift Server; each test seals a source of its own. */
class SealCommandTest {
    private static final Instant TEN = Instant.parse("2026-11-01T10:30:00Z");
    private static final Instant ELEVEN = Instant.parse("2026-11-01T11:30:00Z");
    private static final String AGENT = "web1-1762000000000.";
    private static LocalWarehouse warehouse;
    private static Path fileSystem;

    @TempDir
    private Path home;

    @BeforeAll
    static void start() {
        warehouse = LocalWarehouse.shared();
        fileSystem = Path.of(URI.create(warehouse.profile().fs()));
    }

    @BeforeEach
    void layout() throws IOException {
        Files.createDirectories(home.resolve("target"));
    }

    @Test
    void loadsEveryLineOnceAndAccountsForAll() throws IOException {
        manifest(access("t1.access"));
        String one = hit("10:05:00", "/a") + hit("10:59:59", "/b");
        String two = "broken line\n" + hit("11:00:00", "/c");
        landing("t1.access")
                .chunk("web1", "f", 0, 1, TEN, one)
                .chunk("web1", "f", 0, 1, TEN, one + two)
                .land(TEN, AGENT + "1.avro");
        landing("t1.access")
                .chunk("web1", "f", one.length(), 3, ELEVEN, two + hit("09:00:00", "/late"))
                .land(ELEVEN, AGENT + "2.avro");

        assertThat(seal("t1.access", 0))
                .contains(
                        "t1.access: 2 files, 9 lines read: 4 loaded, 4 duplicate, 1 quarantined; 3 partitions touched")
                .contains("quarantined: host web1, file f, line 3: identity (second field) is missing");

        assertThat(rows("SELECT url, status, line_number, ds, hh FROM ods.ods_t1_access_hi ORDER BY line_number"))
                .containsExactly(
                        "/a|200|1|2026-11-01|10",
                        "/b|200|2|2026-11-01|10",
                        "/c|200|4|2026-11-01|11",
                        "/late|200|5|2026-11-01|09");
        assertThat(rows("SELECT line_number, line_offset, reason, DECODE(line, 'UTF-8'), dt FROM ods.granary_quarantine"
                        + " WHERE source = 't1.access'"))
                .containsExactly("3|" + one.length() + "|identity (second field) is missing|broken line|2026-11-01");
        assertThat(account("t1.access")).containsExactly("10|6|3|2|1|0", "11|3|1|2|0|0");
        RunResults.Result result = results().results().get(0);
        assertThat(result.uniqueId()).isEqualTo("source.t1.access");
        assertThat(result.rowsAffected()).isEqualTo(4);
        assertThat(result.partitions())
                .containsExactly("ds=2026-11-01/hh=09", "ds=2026-11-01/hh=10", "ds=2026-11-01/hh=11");

        assertThat(seal("t1.access", 0)).contains("t1.access: nothing new in landing");
        assertThat(results().results().get(0).partitions()).isEmpty();
    }

    @Test
    void whatAnEarlierSealHasIsADuplicateAndTouchesNothing() throws IOException {
        manifest(access("t2.access"));
        String old = hit("10:05:00", "/a") + "broken\n" + hit("11:05:00", "/b");
        landing("t2.access").chunk("web1", "f", 0, 1, TEN, old).land(TEN, AGENT + "1.avro");
        seal("t2.access", 0);
        landing("t2.access")
                .chunk("web1", "f", 0, 1, ELEVEN, old + hit("10:06:00", "/c"))
                .land(ELEVEN, AGENT + "2.avro");

        assertThat(seal("t2.access", 0))
                .contains("1 files, 4 lines read: 1 loaded, 3 duplicate, 0 quarantined; 1 partitions touched");
        assertThat(results().results().get(0).partitions()).containsExactly("ds=2026-11-01/hh=10");
        assertThat(rows("SELECT url, hh FROM ods.ods_t2_access_hi ORDER BY line_number"))
                .containsExactly("/a|10", "/b|11", "/c|10");
        assertThat(rows("SELECT COUNT(*) FROM ods.granary_quarantine WHERE source = 't2.access'"))
                .containsExactly("1");
        assertThat(staged("t2")).isZero();
        assertThat(account("t2.access")).containsExactly("10|3|2|0|1|0", "11|4|1|3|0|0");

        landing("t2.access").chunk("web1", "f", 0, 1, ELEVEN, old).land(ELEVEN, AGENT + "3.avro");
        assertThat(seal("t2.access", 0)).contains("0 loaded, 3 duplicate, 0 quarantined; 0 partitions touched");
    }

    @Test
    void aSealThatDiedIsFinishedUnderItsOwnIdWithTheSameResult() throws IOException {
        manifest(access("t3.access"));
        landing("t3.access")
                .chunk("web1", "f", 0, 1, TEN, hit("10:05:00", "/a") + "broken\n")
                .land(TEN, AGENT + "1.avro");
        seal("t3.access", 0);
        List<String> before = everything("t3");
        Path record = onlyRecord("t3.access");
        Files.writeString(record, Files.readString(record).replace("\"done\"", "\"planned\""));
        // Hadoop's checksum of the content before
        Files.deleteIfExists(record.resolveSibling("." + record.getFileName() + ".crc"));
        landing("t3.access")
                .chunk("web1", "g", 0, 1, TEN, hit("10:07:00", "/new"))
                .land(TEN, AGENT + "2.avro");

        assertThat(seal("t3.access", 0))
                .contains("t3.access: 2 files, 3 lines read: 2 loaded, 0 duplicate, 1 quarantined");
        assertThat(Files.readString(record)).contains("\"done\"");
        assertThat(everything("t3")).containsAll(before).hasSize(before.size() + 2);
    }

    @Test
    void anAccountThatDoesNotBalancePublishesNothing() throws IOException {
        manifest(access("t4.access"));
        landing("t4.access")
                .chunk("web1", "f", 0, 1, 3, TEN, hit("10:05:00", "/a") + hit("10:06:00", "/b"))
                .land(TEN, AGENT + "1.avro");

        assertThat(seal("t4.access", 1))
                .contains("does not balance, so nothing was published")
                .contains(
                        "host web1, file f, collected 2026-11-01 hour 10: read_lines 3, loaded 2, duplicate 0, quarantined 0");
        assertThat(rows("SELECT COUNT(*) FROM ods.ods_t4_access_hi")).containsExactly("0");
        assertThat(results().results().get(0).status()).isEqualTo(RunResults.Status.ERROR);
        assertThat(staged("t4")).isZero();
    }

    /** Staging tables of a source that are left; other tests leave some on purpose. */
    private static long staged(String subject) {
        return warehouse
                .spark()
                .sql("SHOW TABLES IN granary_staging LIKE 'ods__ods_" + subject + "_access*'")
                .count();
    }

    @Test
    void openFilesAndThoseOfDeadAgentsAreReadAsFarAsTheyGo() throws IOException {
        manifest(access("t5.access"));
        String whole = hit("10:05:00", "/a");
        landing("t5.access")
                .chunk("web1", "f", 0, 1, TEN, whole)
                .chunk("web1", "f", whole.length(), 2, TEN, hit("10:06:00", "/torn"))
                .landTorn(TEN, "web1-1761000000000.7.avro.tmp", 20);
        Path headless = landing("t5.access").landTorn(TEN, "web1-1761000000000.8.avro.tmp", 10);
        Files.write(headless, new byte[] {'O', 'b', 'j'});
        Path open = landing("t5.access")
                .chunk("web1", "f", whole.length(), 2, TEN, hit("10:06:00", "/torn"))
                .land(TEN, AGENT + "9.avro.tmp");
        Files.write(open.resolveSibling(AGENT + "8.avro"), new byte[0]);

        assertThat(seal("t5.access", 0)).contains("2 files, 2 lines read: 2 loaded");
        Files.move(open, open.resolveSibling(AGENT + "9.avro"));
        assertThat(seal("t5.access", 0)).contains("nothing new");
        assertThat(rows("SELECT url FROM ods.ods_t5_access_hi ORDER BY line_number"))
                .containsExactly("/a", "/torn");
    }

    @Test
    void sealsAllLogSourcesJsonAmongThem() throws IOException {
        manifest(access("t7.access"), json("t6.ad"));
        landing("t6.ad")
                .chunk(
                        "ad1",
                        "f",
                        0,
                        1,
                        TEN,
                        "{\"event_id\":\"e1\",\"event_at\":\"2026-11-01T10:05:00.123Z\",\"clicks\":3}\n"
                                + "{\"event_id\":\"e2\"}\n")
                .land(TEN, "ad1-1762000000000.1.avro");
        for (int i = 0; i < 30; i++) {
            landing("t7.access")
                    .chunk("web" + i, "f", 0, 1, i % 2 == 0 ? TEN : ELEVEN, hit("10:05:00", "/" + i))
                    .land(i % 2 == 0 ? TEN : ELEVEN, "web" + i + "-1762000000000.1.avro");
        }

        assertThat(seal(null, 0))
                .contains("t7.access: 30 files, 30 lines read: 30 loaded")
                .contains("t6.ad: 1 files, 2 lines read: 1 loaded, 0 duplicate, 1 quarantined");
        assertThat(rows("SELECT event_id, clicks, ds, hh FROM ods.ods_t6_ad_hi"))
                .containsExactly("e1|3|2026-11-01|10");
        assertThat(rows("SELECT reason FROM ods.granary_quarantine WHERE source = 't6.ad'"))
                .containsExactly("field event_at is missing");
    }

    @Test
    void anUnknownSourceIsNamed() {
        manifest(access("t8.access"));
        assertThat(seal("t8.nothing", 1)).contains("there is no source 't8.nothing'; log sources: t8.access");
    }

    private static LandedChunks landing(String source) throws IOException {
        return new LandedChunks(fileSystem, source);
    }

    private static String hit(String time, String url) {
        return "1.2.3.4 - - [01/Nov/2026:" + time + " +0000] \"GET " + url + " HTTP/1.1\" 200 5 \"-\" \"curl\"\n";
    }

    private String seal(String source, int exitCode) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        try {
            System.setOut(both);
            System.setErr(both);
            List<String> arguments = new ArrayList<>(List.of("--home", home.toString(), "--wait", "0"));
            arguments.addAll(List.of("--profile", warehouse.profileFile().toString()));
            if (source != null) {
                arguments.add(source);
            }
            int code = Commands.run(new SealCommand(), arguments.toArray(String[]::new));
            assertThat(code).as(printed.toString(StandardCharsets.UTF_8)).isEqualTo(exitCode);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private RunResults results() throws IOException {
        Path file = home.resolve("target/run-results.json");
        return RunResults.fromJson(Files.readString(file), file.toString());
    }

    private static List<String> account(String source) {
        return rows("SELECT hh, read_lines, loaded, duplicate, quarantined, lost FROM ods.granary_log_account"
                + " WHERE source = '" + source + "' ORDER BY hh");
    }

    private static List<String> everything(String subject) {
        List<String> all = new ArrayList<>(rows("SELECT * FROM ods.ods_" + subject + "_access_hi"));
        all.addAll(rows("SELECT reason, line_number, seal_id FROM ods.granary_quarantine WHERE source = '" + subject
                + ".access'"));
        all.addAll(rows("SELECT * FROM ods.granary_log_account WHERE source = '" + subject + ".access'"));
        return all;
    }

    private static Path onlyRecord(String source) throws IOException {
        try (Stream<Path> files = Files.list(fileSystem.resolve("granary/landing/" + source + "/_seals"))) {
            return files.filter(f -> f.toString().endsWith(".json")).findFirst().orElseThrow();
        }
    }

    private static List<String> rows(String sql) {
        return warehouse.spark().sql(sql).collectAsList().stream()
                .map(SealCommandTest::text)
                .toList();
    }

    private static String text(Row row) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            cells.add(String.valueOf(row.get(i)));
        }
        return String.join("|", cells);
    }

    private void manifest(SourceNode... sources) {
        new Manifest(
                        Manifest.VERSION,
                        "test",
                        TEN,
                        "0",
                        List.of(),
                        List.of(sources),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of())
                .write(home.resolve("target/manifest.json"));
    }

    private static SourceNode access(String name) {
        return source(name, "combined", List.of());
    }

    private static SourceNode json(String name) {
        return source(
                name,
                "json",
                List.of(
                        new ColumnNode("event_id", "string", true, "Id."),
                        new ColumnNode("event_at", "timestamp", true, "Time."),
                        new ColumnNode("clicks", "int", false, "Number.")));
    }

    private static SourceNode source(String name, String format, List<ColumnNode> columns) {
        String subject = name.substring(0, name.indexOf('.'));
        String bare = name.substring(name.indexOf('.') + 1);
        return new SourceNode(
                "source." + name,
                subject,
                bare,
                "log",
                "A log.",
                "ods.ods_" + subject + "_" + bare + "_hi",
                List.of("ds", "hh"),
                "UTC",
                format,
                "event_at",
                "granary." + name,
                null,
                null,
                columns,
                null,
                null,
                null,
                null);
    }
}
