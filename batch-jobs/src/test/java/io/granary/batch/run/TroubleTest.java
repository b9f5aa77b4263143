package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.Sessions;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.tablestore.testing.CutLine;
import io.granary.tablestore.testing.FullDisk;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.TestNode;
import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong in the middle of a build is said, damages nothing that is published, and the next build heals it. */
class TroubleTest {
    private static final String DAY = "2026-11-01";

    @TempDir
    private Path home;

    private Scene scene;

    @BeforeEach
    void open() {
        scene = new Scene(home);
    }

    @AfterEach
    void close() {
        FullDisk.under(null);
        scene.close();
    }

    /** A model that holds the day's rows of its source, two at first; every statement of it goes through a gate. */
    private ModelNode gated(String name) {
        String source = "ods.ods_" + name + "_df";
        scene.source(source, List.of("ds"), "site:string", "n:int");
        scene.publish(source, "ds=" + DAY, "('a', 1), ('b', 2)");
        return Scene.model(
                "dwd.dwd_" + name,
                "SELECT h.site, h.n FROM " + source + " AS h WHERE h.ds = :ds AND " + Gate.condition(name),
                "site:string",
                "n:int");
    }

    private static ModelNode reader(String name) {
        return Scene.model("dws.dws_" + name, "SELECT n FROM dwd.dwd_" + name + " WHERE ds = :ds", "n:int");
    }

    private Scene.Outcome build(String... args) {
        return scene.run(
                new BuildCommand(),
                Stream.concat(Stream.of("--ds", DAY), Stream.of(args)).toArray(String[]::new));
    }

    private CompletableFuture<Scene.Outcome> buildAside(String... args) {
        return CompletableFuture.supplyAsync(() -> build(args));
    }

    private long sum(String name) {
        return scene.session.query("SELECT sum(n) FROM dwd.dwd_" + name).single();
    }

    private void published(String name, long sum) {
        assertThat(build().code()).isZero();
        assertThat(sum(name)).isEqualTo(sum);
    }

    private void newRows(String name) {
        scene.publish("ods.ods_" + name + "_df", "ds=" + DAY, "('a', 10), ('b', 20)");
    }

    private List<List<Object>> stagingTables(String name) {
        return scene.session
                .query("SHOW TABLES IN granary_staging LIKE 'dwd__dwd_" + name + "__*'")
                .rows();
    }

    private List<Path> versions(String name) throws Exception {
        Path table = Path.of(URI.create(scene.warehouse.profile().fs())).resolve("granary/warehouse/dwd/dwd_" + name);
        try (var folders = Files.list(table)) {
            return folders.filter(f -> f.getFileName().toString().startsWith("v="))
                    .toList();
        }
    }

    private Result result(String model) {
        return scene.results().results().stream()
                .filter(r -> r.uniqueId().equals(model))
                .findFirst()
                .orElseThrow();
    }

    private void heals(String name) throws Exception {
        Scene.Outcome next = build();
        assertThat(next.code()).as(next.err()).isZero();
        assertThat(sum(name)).isEqualTo(30);
        assertThat(scene.session.query("SELECT sum(n) FROM dws.dws_" + name).single())
                .isEqualTo(30);
        assertThat(build().err()).contains("nothing to do");
    }

    @Test
    void ofTwoBuildsOfTheSamePartitionOneIsRefusedAndSaysWhy() throws Exception {
        scene.models(gated("twice"));
        Path other = Files.createDirectories(home.resolve("other"));
        Files.createDirectories(other.resolve("target"));
        Files.copy(new Home(home).manifest(), new Home(other).manifest());
        List<Path> homes = List.of(home, other);
        List<CompletableFuture<Integer>> builds;
        try (Gate gate = Gate.closed("twice", 2)) {
            builds = homes.stream()
                    .map(folder -> CompletableFuture.supplyAsync(() -> Commands.run(
                            new BuildCommand(),
                            "--ds",
                            DAY,
                            "--home",
                            folder.toString(),
                            "--profile",
                            scene.warehouse.profileFile().toString())))
                    .toList();
            gate.awaitAll();
        }
        List<Integer> codes =
                List.of(builds.get(0).get(60, TimeUnit.SECONDS), builds.get(1).get(60, TimeUnit.SECONDS));

        assertThat(codes).containsExactlyInAnyOrder(0, 1);
        Result refused = RunResults.read(new Home(homes.get(codes.indexOf(1))).runResults())
                .results()
                .get(0);
        String winner = scene.store
                .partitions(TableName.parse("dwd.dwd_twice"))
                .get(0)
                .run()
                .value();
        assertThat(refused.message())
                .contains("partition ds=2026-11-01 of dwd.dwd_twice has moved")
                .contains("is version " + winner + " now")
                .contains("Nothing was published");
        assertThat(sum("twice")).isEqualTo(3);
        assertThat(stagingTables("twice")).isEmpty();
        assertThat(versions("twice")).hasSize(1);
        assertThat(build().err()).contains("nothing to do");
    }

    @Test
    void aMetastoreThatGoesInTheMiddleIsNamedAndTheNextBuildHeals() throws Exception {
        int port = URI.create(scene.warehouse.profile().metastore()).getPort();
        try (CutLine line = new CutLine(port)) {
            scene.through(port, line.port());
            scene.models(gated("catalog"), reader("catalog"));
            published("catalog", 3);
            newRows("catalog");
            CompletableFuture<Scene.Outcome> build;
            try (Gate gate = Gate.closed("catalog", 1)) {
                build = buildAside();
                gate.awaitAll();
                line.cut();
            }
            assertThat(build.get(120, TimeUnit.SECONDS).code()).isEqualTo(1);
            assertThat(result("model.dwd_catalog").message())
                    .contains("the Hive metastore at thrift://127.0.0.1:" + line.port())
                    .contains("granary status");
            assertThat(result("model.dws_catalog").status()).isEqualTo(Status.SKIPPED);
            assertThat(sum("catalog")).isEqualTo(3);

            Scene.Outcome away = build();
            assertThat(away.code()).isEqualTo(1);
            assertThat(away.err()).contains("cannot reach the Hive metastore");

            line.mend();
            heals("catalog");
        }
    }

    @Test
    void aSqlServerThatGoesInTheMiddleIsNamedAndTheNextBuildHeals() throws Exception {
        int port = URI.create(scene.warehouse.profile().sql().substring("jdbc:".length()))
                .getPort();
        try (CutLine line = new CutLine(port)) {
            scene.through(port, line.port());
            scene.models(gated("server"), reader("server"));
            published("server", 3);
            newRows("server");
            CompletableFuture<Scene.Outcome> build;
            try (Gate gate = Gate.closed("server", 1)) {
                build = buildAside();
                gate.awaitAll();
                line.cut();
                assertThat(build.get(60, TimeUnit.SECONDS).code()).isEqualTo(1);
            }
            assertThat(result("model.dwd_server").message())
                    .contains("the SQL server at jdbc:hive2://127.0.0.1:" + line.port() + "/ went away")
                    .contains("granary status")
                    .contains("INSERT OVERWRITE");
            assertThat(result("model.dws_server").status()).isEqualTo(Status.SKIPPED);
            assertThat(stagingTables("server")).isEmpty();
            assertThat(sum("server")).isEqualTo(3);

            line.mend();
            heals("server");
        }
    }

    @Test
    void aBuildThatIsKilledDamagesNothingAndTheNextOneHeals() throws Exception {
        scene.models(gated("killed"), reader("killed"));
        published("killed", 3);
        newRows("killed");
        try (Gate gate = Gate.closed("killed", 1)) {
            Process build = process("UTC");
            gate.awaitAll();
            build.destroyForcibly().waitFor();
            assertThat(sum("killed")).isEqualTo(3);
        }
        heals("killed");
    }

    @Test
    void aFullDiskIsSaidAndTheNextBuildHeals() throws Exception {
        scene.models(gated("full"), reader("full"));
        published("full", 3);
        newRows("full");

        FullDisk.under("/dwd_full/");
        Scene.Outcome full = build();

        assertThat(full.code()).isEqualTo(1);
        assertThat(full.err())
                .contains("No space left on device")
                .contains("The disk or the quota is full: make room")
                .doesNotContain("\tat ");
        assertThat(result("model.dws_full").status()).isEqualTo(Status.SKIPPED);
        assertThat(sum("full")).isEqualTo(3);
        assertThat(stagingTables("full")).isEmpty();
        assertThat(versions("full")).hasSize(1);

        FullDisk.under(null);
        heals("full");
    }

    @Test
    void rowsThatFailATestAreShownAndKeptAndNotPublished() {
        ModelNode rows = gated("tested");
        ModelNode tested = Scene.tested(
                rows,
                new TestNode("test.dwd_tested.n", "in_range", List.of("n"), Map.of("min", 0, "max", 9), null, "fail"),
                new TestNode("test.dwd_tested.site", "not_null", List.of("site"), Map.of(), null, "fail"));
        scene.models(tested, reader("tested"));
        published("tested", 3);
        scene.publish("ods.ods_tested_df", "ds=" + DAY, "('a', 1), ('b', 20)");

        Scene.Outcome failed = build();

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err())
                .contains("1 data test of dwd.dwd_tested ds=2026-11-01 failed; nothing was published")
                .contains("\"n\":20");
        assertThat(scene.results().results())
                .extracting(Result::uniqueId, Result::status)
                .containsExactlyInAnyOrder(
                        Tuple.tuple("model.dwd_tested", Status.ERROR),
                        Tuple.tuple("model.dws_tested", Status.SKIPPED),
                        Tuple.tuple("test.dwd_tested.n", Status.FAIL),
                        Tuple.tuple("test.dwd_tested.site", Status.PASS));
        assertThat(scene.session
                        .query("SELECT test, failures, get_json_object(bad_row, '$.n') FROM granary_quality.failures"
                                + " WHERE test LIKE 'test.dwd_tested.%'")
                        .rows())
                .containsExactly(List.of("test.dwd_tested.n", 1L, "20"));
        assertThat(sum("tested")).isEqualTo(3);
        assertThat(stagingTables("tested")).isEmpty();

        scene.publish("ods.ods_tested_df", "ds=" + DAY, "('a', 1), ('b', 5)");
        published("tested", 6);
    }

    @Test
    void failFastStopsWhatRunsAndStartsNoMore() throws Exception {
        ModelNode slow = gated("fast");
        ModelNode wrong = Scene.model(
                "dwd.dwd_fast_wrong",
                // fails before it needs a task: the only slot may be held at the gate
                "SELECT wrong AS n FROM ods.ods_fast_df WHERE ds = :ds",
                "n:string");
        scene.models(wrong, slow, reader("fast"));
        Scene.Outcome stopped;
        try (Gate gate = Gate.closed("fast", 1)) {
            stopped = build("--fail-fast", "--threads", "2");
        }
        assertThat(stopped.code()).isEqualTo(1);
        assertThat(result("model.dwd_fast_wrong").message()).contains("wrong");
        assertThat(result("model.dwd_fast").status()).isNotEqualTo(Status.SUCCESS);
        assertThat(result("model.dwd_fast").message())
                .contains("stopped by --fail-fast after model.dwd_fast_wrong failed");
        assertThat(result("model.dws_fast").status()).isEqualTo(Status.SKIPPED);
        assertThat(scene.store.partitions(TableName.parse("dwd.dwd_fast"))).isEmpty();
    }

    /** A build as a person starts it, in some part of the world. */
    private Process process(String zone) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.timezone=" + zone,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        BuildCommand.class.getName(),
                        "--ds",
                        DAY,
                        "--home",
                        home.toString(),
                        "--profile",
                        scene.warehouse.profileFile().toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("build.log").toFile())
                .start();
    }

    @Test
    void aClockSetBackAndAnotherTimeZoneChangeNothing() throws Exception {
        scene.source("ods.ods_clock_df", List.of("ds"), "site:string", "n:int");
        scene.publish("ods.ods_clock_df", "ds=" + DAY, "('a', 1)");
        scene.models(Scene.model(
                "dwd.dwd_clock",
                "SELECT h.n, CAST(:ds AS TIMESTAMP) AS at, from_unixtime(0) AS zero FROM ods.ods_clock_df AS h"
                        + " WHERE h.ds = :ds",
                "n:int",
                "at:timestamp",
                "zero:string"));
        TableName table = TableName.parse("dwd.dwd_clock");
        assertThat(build().code()).isZero();
        Object rows = scene.rowsHash("dwd.dwd_clock");

        scene.publish("ods.ods_clock_df", "ds=" + DAY, "('a', 1)");
        assertThat(process("America/Los_Angeles").waitFor()).isZero();
        assertThat(scene.results().results()).hasSize(1);
        assertThat(scene.rowsHash("dwd.dwd_clock")).isEqualTo(rows);
        assertThat(build().err()).contains("nothing to do");

        PublishedPartition first = scene.store.partitions(table).get(0);
        scene.publish("ods.ods_clock_df", "ds=" + DAY, "('a', 1)");
        Clock back = Clock.offset(Clock.systemUTC(), Duration.ofDays(-400));
        assertThat(scene.run(new BuildCommand(Sessions.HIVE_JDBC, back), "--ds", DAY)
                        .code())
                .isZero();
        assertThat(scene.results().results()).hasSize(1);
        assertThat(build().err()).contains("nothing to do");
        assertThat(scene.rowsHash("dwd.dwd_clock")).isEqualTo(rows);
        PublishedPartition second = scene.store.partitions(table).get(0);
        // by name it is the older one; it is what readers see, and the one before it is where a rollback goes
        assertThat(second.run().value()).isLessThan(first.run().value());
        assertThat(scene.store.versions().history(table, second.spec())).startsWith(second.run(), first.run());
        assertThat(scene.store
                        .versions()
                        .collect(table, 0, Duration.ofHours(1), false)
                        .folders())
                .isEmpty();
        scene.store.versions().rollback(table, second.spec(), java.util.Optional.empty(), "test");
        assertThat(scene.store.partitions(table).get(0).run()).isEqualTo(first.run());
        assertThat(scene.run(new PlanCommand(), "--ds", DAY).out()).contains("input newer");
    }
}
