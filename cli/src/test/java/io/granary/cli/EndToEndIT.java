package io.granary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.cluster.Component;
import io.granary.cluster.Distribution;
import io.granary.cluster.LocalCluster;
import io.granary.cluster.Progress;
import io.granary.cluster.Status;
import io.granary.demo.DemoDay;
import io.granary.simulator.Calendar;
import io.granary.simulator.SimulatedDay;
import io.granary.simulator.Truth;
import io.granary.warehouse.config.Home;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The whole path on a real cluster: the same components, commands and comparison as the demo, on a small day. The steps
 * build on each other, as they do for a user.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndIT {
    private static final Path DIST = Path.of(System.getProperty("granary.dist"));
    private static final Path PROJECT =
            Path.of("target/e2e project").toAbsolutePath().normalize();
    private static final Home HOME = new Home(Path.of("target/e2e home"));
    private static final Progress PROGRESS = Progress.stderr();
    private static final LocalDate DAY = Calendar.first(LocalDate.now(ZoneOffset.UTC));
    private static final String COUNTS =
            "SELECT ds, site, count(*), sum(bytes) FROM dwd.dwd_traffic_hit_di GROUP BY ds, site ORDER BY ds, site";

    private static LocalCluster cluster;
    private static ChangingCounters counters;

    @BeforeAll
    static void up() throws IOException {
        Folders.delete(HOME.root());
        Folders.delete(PROJECT);
        Folders.copy(Path.of("../warehouse-sql/subjects"), PROJECT.resolve("subjects"));
        cluster = new LocalCluster(HOME, new Distribution(DIST), PROJECT, Map.of());
        cluster.up(Component.all(), PROGRESS);
        counters = new ChangingCounters(PROJECT, cluster, DAY);
    }

    @AfterAll
    static void down() {
        counters.close();
        cluster.down(PROGRESS);
    }

    @Test
    @Order(1)
    void aDayWithKilledAgentAndKilledStreamIsCountedExactly() throws Exception {
        SimulatedDay day = new SimulatedDay(DemoDay.SITE, DAY, 1, 150);
        Thread killer = new Thread(() -> {
            pause(Duration.ofSeconds(3));
            cluster.kill(Component.FLUME);
            pause(Duration.ofSeconds(2));
            cluster.kill(Component.STREAMING);
        });
        List<String> said = new ArrayList<>();
        try (AutoCloseable watch = cluster.watch(line -> {
                    said.add(line);
                    PROGRESS.say(line);
                });
                DemoDay demo = DemoDay.of(HOME, cluster.profile(), DIST, PROJECT, PROGRESS::say)) {
            killer.start();
            DemoDay.Outcome outcome = demo.run(day, Duration.ofSeconds(10));
            killer.join();
            System.out.println(outcome.table());
            assertThat(outcome.allEqual()).as(outcome.table()).isTrue();
        }
        assertThat(said).anyMatch(l -> l.contains("flume died")).anyMatch(l -> l.contains("streaming died"));
    }

    /** The day is counted: what people and Prometheus are told of the process that did it. */
    @Test
    @Order(2)
    void countersAreWatched() throws Exception {
        Result list = granary("counters", "--output", "csv");
        assertThat(list.code()).as(list.all()).isZero();
        assertThat(list.out().lines().skip(1))
                .hasSize(5)
                .allMatch(row -> row.contains(",counting,"))
                .anyMatch(
                        row -> row.matches(
                                "traffic\\.page_view,dwd\\.dwd_traffic_hit_di,1m 1d,counting,[^,]*,2\\d{3}-[^,]*,\\d+,[\\d.]+,[1-9].*,0,0,0"));
        Result read = granary(
                "counters",
                "read",
                "traffic.page_view",
                "--window",
                "1d",
                "--bucket",
                DAY.toString(),
                "--output",
                "csv");
        assertThat(read.out()).as(read.all()).startsWith("site,rows,page_views,visitors\n" + DemoDay.SITE + ",");
        Result most = granary(
                "counters",
                "read",
                "traffic.page",
                "--window",
                "1d",
                "--bucket",
                DAY.toString(),
                "--by",
                "site=" + DemoDay.SITE,
                "--top",
                "--limit",
                "3",
                "--output",
                "csv");
        assertThat(most.out().lines().toList())
                .as(most.all())
                .hasSize(4)
                .startsWith("place,site,path,views")
                .last()
                .asString()
                .matches("3," + DemoDay.SITE + ",/[^,]*,[1-9]\\d*");
        assertThat(granary("counters", "read", "traffic.page_vew").err()).contains("Did you mean traffic.page_view?");

        String url = Files.readString(HOME.run().resolve("streaming.metrics")).strip();
        String metrics = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        String query = "{query=\"traffic.access_log\"}";
        assertThat(metrics.lines())
                .contains("granary_stream_up" + query + " 1")
                .anyMatch(line -> line.startsWith("granary_stream_lag_records" + query))
                .anyMatch(line -> line.startsWith("granary_stream_lag_seconds" + query))
                .anyMatch(line -> line.matches("granary_stream_rows_total\\{query=\"traffic.access_log\"} [1-9]\\d*"))
                .anyMatch(line -> line.matches("granary_stream_memory_bytes\\{kind=\"heap_used\"} [1-9]\\d+"))
                .anyMatch(line -> line.startsWith("granary_stream_executor_storage_bytes{executor=\"driver\""));
        assertThat(granary("status").out())
                .containsPattern("streaming traffic.access_log: \\d+ records behind, [\\d.]+ s");
    }

    /** Every window of the day, not only what the demo compares. */
    @Test
    @Order(2)
    void countersAgreeWithTheBatchTablesWindowByWindow() throws Exception {
        Result reconciled = granary("reconcile", "--ds", DAY.toString(), "--output", "csv");
        assertThat(reconciled.code()).as(reconciled.all()).isZero();
        assertThat(reconciled.out().lines().skip(1))
                .hasSize(5)
                .allMatch(row -> row.matches("[a-z._]+,[1-9]\\d*,0,0,0,0,0,0,0,0,0"), reconciled.all());
        assertThat(rows("SELECT count(*), sum(differing) FROM ads.granary_counter_reconcile WHERE ds = '" + DAY + "'"))
                .containsExactly("5|0");
    }

    @Test
    @Order(2)
    void apacheHiveJdbcReadsTheWarehouse() throws Exception {
        assertThat(rows("SELECT site, page_views > 0 FROM ads.ads_traffic_site_overview WHERE ds = '" + DAY + "'"))
                .containsExactly(DemoDay.SITE + "|true");
        assertThat(rows("SHOW DATABASES")).contains("ods", "dim", "dwd", "dws", "ads");
    }

    @Test
    @Order(3)
    void aPersonsLogIsTakenOnce() throws Exception {
        Path log = HOME.root().resolve("mine.log.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(log))) {
            for (int i = 0; i < 400; i++) {
                String line =
                        "203.0.113.%d - - [%02d/May/2015:10:05:%02d +0000] \"GET /page/%d HTTP/1.1\" 200 100 \"-\" \"Agent/%d\"\n"
                                .formatted(i % 7, 17 + i % 2, i % 60, i, i % 3);
                out.write((i == 123 ? line.replace("\"\n", "\n") : line).getBytes(StandardCharsets.UTF_8));
            }
        }
        Result first = granary("ingest", "access-log", log.toString(), "--site", "mine");
        assertThat(first.code()).as(first.all()).isZero();
        assertThat(first.all()).contains("399").contains("no closing quote");
        assertThat(rows("SELECT ds, count(*), sum(bytes) FROM dwd.dwd_traffic_hit_di WHERE site = 'mine'"
                        + " GROUP BY ds ORDER BY ds"))
                .containsExactly("2015-05-17|200|20000", "2015-05-18|199|19900");
        assertThat(rows("SELECT line_number, reason FROM ods.granary_quarantine WHERE site = 'mine'"))
                .containsExactly("124|user agent has no closing quote");

        Result again = granary("ingest", "access-log", log.toString(), "--site", "mine");
        assertThat(again.code()).as(again.all()).isZero();
        assertThat(again.all()).contains("0 lines added");
        assertThat(rows("SELECT sum(read_lines), sum(loaded), sum(quarantined), sum(duplicate), sum(lost)"
                        + " FROM ods.granary_log_account WHERE site = 'mine'"))
                .containsExactly("400|399|1|0|0");
    }

    @Test
    @Order(4)
    void sqlPrintsRowsForScripts() throws Exception {
        Result csv = granary("sql", "-e", "SELECT 1 AS a, 'x,y' AS b, CAST(NULL AS STRING) AS c", "--output", "csv");
        assertThat(csv.code()).isZero();
        assertThat(csv.out()).isEqualTo("a,b,c\n1,\"x,y\",\n");
        Result wrong = granary("sql", "-e", "SELECT nothing FROM dwd.dwd_traffic_hit_di");
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.all()).contains("nothing");
    }

    @Test
    @Order(5)
    void aSecondUpSaysSo() throws Exception {
        Result second = granary("up");
        assertThat(second.code()).isEqualTo(1);
        assertThat(second.all()).contains("running");
    }

    @Test
    @Order(6)
    void dataSurvivesAStopAndAStartAndCountersAreAddedAndRemoved() throws Exception {
        List<String> before = rows(COUNTS);
        counters.addAndRemove();
        change("traffic.asked");
        cluster.down(PROGRESS);
        assertThat(cluster.status()).allMatch(s -> s.state() == Status.State.STOPPED);
        cluster.up(Component.all(), PROGRESS);
        assertThat(rows(COUNTS)).isEqualTo(before).hasSize(3);
        counters.areAddedAndRemoved(byHour("dwd.dwd_traffic_hit_di", "is_page_view"));
    }

    @Test
    @Order(7)
    void dataSurvivesTheKillOfEveryComponentAndCountersComeBackAndMove() throws Exception {
        List<String> before = rows(COUNTS);
        List<String> clicks = byHour("dwd.dwd_ads_click_di", "true");
        counters.bringBackAndMove();
        change("traffic.asked");
        counters.killARebuild();
        for (Component component : Component.all()) {
            cluster.kill(component);
        }
        assertThat(cluster.status()).allMatch(s -> s.state() == Status.State.DEAD);
        Result status = granary("status");
        assertThat(status.code()).isEqualTo(1);
        assertThat(status.out()).contains("dead");
        cluster.up(Component.all(), PROGRESS);
        assertThat(rows(COUNTS)).isEqualTo(before).hasSize(3);
        counters.areBackAndMoved(clicks);
    }

    @Test
    @Order(8)
    void theNextDayIsCountedAndItsDimensionJoined() throws Exception {
        try (DemoDay demo = DemoDay.of(HOME, cluster.profile(), DIST, PROJECT, PROGRESS::say)) {
            DemoDay.Outcome outcome =
                    demo.run(new SimulatedDay(DemoDay.SITE, DAY.plusDays(1), 1, 60), Duration.ofSeconds(3));
            assertThat(outcome.allEqual()).as(outcome.table()).isTrue();
        }
        counters.newLinesAreCounted(
                Truth.read(HOME.demo().resolve(DAY.plusDays(1) + "/truth.json")).hits());
        counters.joinsTheNewVersion(HOME.demo().resolve("logs/ad.log"));
    }

    /** The project as it is now is compiled while the job runs, and one of its counters is to be counted with its past. */
    private static void change(String counter) throws Exception {
        Result compiled = granary("compile");
        assertThat(compiled.code()).as(compiled.all()).isZero();
        Result asked = granary("counters", "count", counter, "--from", DAY.toString());
        assertThat(asked.code()).as(asked.all()).isZero();
        assertThat(asked.err()).contains("granary restart streaming");
    }

    /** {@code hour|rows} of the day's rows of the site, as the batch table has them. */
    private static List<String> byHour(String table, String where) throws Exception {
        return rows("SELECT hour(event_at), count(*) FROM " + table + " WHERE ds = '" + DAY + "' AND site = '"
                + DemoDay.SITE + "' AND " + where + " GROUP BY hour(event_at) ORDER BY hour(event_at)");
    }

    private record Result(int code, String out, String err) {
        String all() {
            return out + err;
        }
    }

    private static Result granary(String... args) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(DIST.resolve("bin/granary").toString()));
        command.addAll(List.of(args));
        command.addAll(List.of("--home", HOME.root().toString(), "--project", PROJECT.toString()));
        Path err = Files.createTempFile(Path.of("target"), "granary", ".err");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, Files.readString(err));
    }

    private static List<String> rows(String sql) throws Exception {
        return HiveQuery.rows(DIST, cluster.profile().sql(), sql);
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
