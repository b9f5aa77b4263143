package io.granary.ingestion.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.file.Sources;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.manifest.SourceNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** `granary upload` into a real warehouse. */
class UploadTest {
    private static final String HEADER = "id,amount,at,note\n";
    private static SqlSession sql;

    @TempDir
    Path home;

    private StringWriter err;

    @BeforeAll
    static void open() {
        sql = HiveJdbcSession.open(LocalWarehouse.shared().profile());
    }

    @AfterAll
    static void close() {
        sql.close();
    }

    @BeforeEach
    void profile() throws Exception {
        Files.copy(LocalWarehouse.shared().profileFile(), home.resolve("profile.yaml"));
    }

    @Test
    void aFileIsPublishedWholeOrNotAtAllAndItsContentOnlyOnce() throws Exception {
        SourceNode source = manifest(Sources.manual("target", "replace"));
        Path good = file("targets-2026-11-01.csv", HEADER + "1,1.00,,\"=HYPERLINK(\"\"x\"\")\"\n2,2.00,,-1+2\n");
        assertThat(upload("files.target", good.toString(), "--by", "mei"))
                .as(err.toString())
                .isZero();
        assertThat(rows(source)).containsExactly("1|1.00|=HYPERLINK(\"x\")|2026-11-01", "2|2.00|-1+2|2026-11-01");

        assertThat(upload(
                        "files.target",
                        file("other.csv", Files.readString(good)).toString(),
                        "--ds",
                        "2026-11-01"))
                .isZero();
        assertThat(err.toString()).contains("is there already", "nothing was added");

        Path bad = file("bad-2026-11-01.csv", HEADER + "x,1.00,,a\n,1.001,,b\n".repeat(60));
        assertThat(upload("files.target", bad.toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains(
                        "bad-2026-11-01.csv: 180 problems, nothing was published",
                        "line 2, column id, value 'x'",
                        "... and 80 more");
        assertThat(rows(source)).hasSize(2);

        assertThat(upload(
                        "files.target",
                        file("new-20261101.csv", HEADER + "3,3.00,,new\n").toString()))
                .isZero();
        assertThat(rows(source)).containsExactly("3|3.00|new|2026-11-01");
        assertThat(sql.query(
                                "SELECT concat_ws('|', file, uploaded_by, result, CAST(rows AS STRING), CAST(problem_count AS"
                                        + " STRING), CAST(length(sha256) AS STRING)) FROM ods.granary_upload_log WHERE source ="
                                        + " 'files.target' AND data_ds = '2026-11-01' ORDER BY uploaded_at")
                        .rows())
                .extracting(row -> String.valueOf(row.get(0)))
                .containsExactly(
                        "targets-2026-11-01.csv|mei|published|2|0|64",
                        "bad-2026-11-01.csv|" + System.getProperty("user.name") + "|rejected|120|180|64",
                        "new-20261101.csv|" + System.getProperty("user.name") + "|published|1|0|64");
    }

    @Test
    void checkLandsNothing() throws Exception {
        SourceNode source = manifest(Sources.manual("checked", "replace"));
        Path file = file("c.csv", HEADER + "x,,,\n");
        assertThat(upload("files.checked", file.toString(), "--check")).isEqualTo(1);
        assertThat(err.toString()).contains("1 rows, 1 problems", "c.csv, line 2, column id, value 'x'");
        assertThat(sql.query("SHOW TABLES IN ods LIKE '" + source.table().substring(4) + "'")
                        .rows())
                .isEmpty();
    }

    @Test
    void filesOfTwoPeopleAtATimeAreBothThere() throws Exception {
        SourceNode source = manifest(Sources.manual("shared", "append"));
        ExecutorService people = Executors.newFixedThreadPool(3);
        try {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                Path file = file("p" + i + ".csv", HEADER + i + "," + i + ".00,,p\n");
                work.add(() -> line(new StringWriter(), "files.shared", file.toString(), "--ds", "2026-11-01"));
            }
            for (Future<Integer> done : people.invokeAll(work)) {
                assertThat(done.get()).isZero();
            }
        } finally {
            people.shutdownNow();
        }
        assertThat(rows(source)).containsExactly("1|1.00|p|2026-11-01", "2|2.00|p|2026-11-01", "3|3.00|p|2026-11-01");
        assertThat(upload(
                        "files.shared",
                        file("again.csv", HEADER + "2,2.00,,p\n").toString(),
                        "--ds",
                        "2026-11-01"))
                .isZero();
        assertThat(err.toString()).contains("nothing was added");
        assertThat(rows(source)).hasSize(3);
    }

    @Test
    void theInboxIsEmptiedWithAReportBesideEachFile() throws Exception {
        SourceNode source = manifest(Sources.manual("inbox", "replace"));
        Path box = Files.createDirectories(home.resolve("inbox/files.inbox"));
        old(Files.writeString(box.resolve("a-2026-11-02.csv"), HEADER + "1,1.00,,a\n"));
        old(Files.writeString(box.resolve("b.csv"), HEADER + "x,1.00,,b\n"));
        old(Files.writeString(box.resolve("half.csv.part"), HEADER));
        Files.writeString(box.resolve("b.csv.upload"), "{\"by\": \"li\", \"ds\": \"2026-11-02\"}");
        Path fresh = Files.writeString(box.resolve("fresh-2026-11-02.csv"), HEADER + "2,,,\n");
        Files.setLastModifiedTime(fresh, FileTime.from(Instant.now().plusSeconds(3600)));
        Files.createSymbolicLink(box.resolve("link-2026-11-02.csv"), home.resolve("profile.yaml"));

        assertThat(upload("--inbox", "files.inbox")).isEqualTo(1);
        assertThat(rows(source)).containsExactly("1|1.00|a|2026-11-02");
        assertThat(names(box))
                .containsExactlyInAnyOrder(
                        ".lock", "done", "rejected", "half.csv.part", "fresh-2026-11-02.csv", "link-2026-11-02.csv");
        assertThat(names(box.resolve("done"))).hasSize(2).anyMatch(n -> n.endsWith("-a-2026-11-02.csv.report.json"));
        Path report = names(box.resolve("rejected")).stream()
                .filter(n -> n.endsWith("-b.csv.report.json"))
                .map(box.resolve("rejected")::resolve)
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(report))
                .contains(
                        "\"result\" : \"rejected\"", "\"uploaded_by\" : \"li\"", "\"line\" : 2", "\"column\" : \"id\"");

        try (Inbox held = Inbox.open(box, Clock.systemUTC())) {
            assertThat(upload("--inbox", "files.inbox")).isEqualTo(1);
            assertThat(err.toString()).contains("another process takes files");
            assertThat(held.files()).isEmpty();
        }
    }

    @Test
    void whatAKilledProcessPublishedIsPutAsideAndLoggedByTheNext() throws Exception {
        SourceNode source = manifest(Sources.manual("survivor", "replace"));
        Path box = Files.createDirectories(home.resolve("inbox/files.survivor"));
        Path file = old(Files.writeString(box.resolve("k-2026-11-03.csv"), HEADER + "1,1.00,,a\n"));
        Path copy = file("copy-2026-11-03.csv", Files.readString(file));
        assertThat(upload("files.survivor", copy.toString())).isZero();
        // it died before it wrote the log and moved the file
        sql.execute("ALTER TABLE ods.granary_upload_log DROP PARTITION (run_id = '"
                + logged("files.survivor").get(0) + "')");
        assertThat(logged("files.survivor")).isEmpty();

        assertThat(upload("--inbox", "files.survivor")).as(err.toString()).isZero();
        assertThat(err.toString()).contains("nothing was added");
        assertThat(logged("files.survivor")).hasSize(1);
        assertThat(rows(source)).hasSize(1);
        assertThat(file).doesNotExist();
    }

    @Test
    void theDayOfANameIsTheOnlyOneInIt() {
        assertThat(Inbox.dayIn("targets-2026-11-01.csv")).contains(LocalDate.of(2026, 11, 1));
        assertThat(Inbox.dayIn("t20261101.csv")).contains(LocalDate.of(2026, 11, 1));
        assertThat(Inbox.dayIn("2026-11-01_2026-11-02.csv")).isEmpty();
        assertThat(Inbox.dayIn("t-20261399-1.csv")).isEmpty();
        assertThat(Inbox.dayIn("123456789012.csv")).isEmpty();
    }

    private List<String> logged(String source) {
        return sql.query("SELECT run_id FROM ods.granary_upload_log WHERE source = '" + source + "'").rows().stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    private SourceNode manifest(SourceNode source) {
        Sources.manifest(source).write(home.resolve("target/manifest.json"));
        return source;
    }

    private Path file(String name, String content) throws IOException {
        Files.createDirectories(home.resolve("mine"));
        return Files.writeString(home.resolve("mine").resolve(name), content);
    }

    private static Path old(Path file) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private int upload(String... args) {
        err = new StringWriter();
        return line(err, args);
    }

    private int line(StringWriter to, String... args) {
        CommandLine line = new CommandLine(new UploadCommand()).setErr(new PrintWriter(to));
        return line.execute(Stream.concat(Stream.of(args), Stream.of("--home", home.toString()))
                .toArray(String[]::new));
    }

    private static List<String> rows(SourceNode source) {
        return sql
                .query("SELECT concat_ws('|', id, amount, note, ds) FROM " + source.table() + " ORDER BY id")
                .rows()
                .stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }
}
