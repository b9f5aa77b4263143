package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.Provenance;
import io.granary.tablestore.TableName;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillTest {
    private static final String[] RANGE = {"--from", "2026-11-01", "--to", "2026-11-04"};

    @TempDir
    private Path home;

    private Scene scene;

    @BeforeEach
    void open() {
        scene = new Scene(home);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private static ModelNode table(String name, String materialization, String sql, String... columns) {
        return Scene.model(name, materialization, List.of(), null, List.of(), List.of(), sql, columns);
    }

    private static ModelNode zipper(String name, String from) {
        return Scene.model(
                name,
                "scd2",
                List.of(),
                null,
                List.of("user_id"),
                List.of("province"),
                "SELECT u.user_id, u.province, u.visits FROM " + from + " AS u WHERE u.ds = :ds",
                "user_id:int",
                "province:string",
                "visits:int");
    }

    @Test
    void anyOrderOfDaysMakesTheSameTables() {
        String source = "ods.ods_fill_user_df";
        scene.source(source, List.of("ds"), "user_id:int", "province:string", "visits:int");
        // 1 moves and moves back; 2 is deleted and comes back; 3 is new; 4 goes
        scene.publish(source, "ds=2026-11-01", "(1, 'north', 1), (2, 'south', 1), (4, 'west', 1)");
        scene.publish(source, "ds=2026-11-02", "(1, 'east', 2), (4, 'west', 2)");
        scene.publish(source, "ds=2026-11-03", "(1, 'north', 3), (2, 'south', 3), (3, CAST(NULL AS STRING), 3)");
        scene.publish(source, "ds=2026-11-04", "(1, 'north', 4), (2, 'south', 4), (3, CAST(NULL AS STRING), 4)");
        String daily = "SELECT user_id, province, visits FROM " + source + " WHERE ds = :ds";
        String[] columns = {"user_id:int", "province:string", "visits:int"};
        scene.models(
                Scene.model("dwd.dwd_fill_a", daily, columns),
                Scene.model("dwd.dwd_fill_b", daily, columns),
                zipper("dim.dim_fill_a_scd", "dwd.dwd_fill_a"),
                zipper("dim.dim_fill_b_scd", "dwd.dwd_fill_b"));
        String[] random = {"--from", "2026-11-01", "--to", "2026-11-04", "--order", "random", "--seed", "7"};

        // a: interrupted after two days in the middle, then the rest backwards; b: at random
        assertThat(scene.run(
                                new BackfillCommand(),
                                "--from",
                                "2026-11-02",
                                "--to",
                                "2026-11-03",
                                "--select",
                                "dwd_fill_a+")
                        .code())
                .isZero();
        Scene.Outcome rest = scene.run(
                new BackfillCommand(),
                "--from",
                "2026-11-01",
                "--to",
                "2026-11-04",
                "--order",
                "desc",
                "--select",
                "dwd_fill_a+");
        assertThat(rest.code()).isZero();
        assertThat(scene.results().results())
                .extracting(Result::partition)
                .containsExactlyInAnyOrder("ds=2026-11-04", "ds=2026-11-01", "");
        assertThat(scene.run(new BackfillCommand(), random).code()).isZero();
        assertThat(scene.run(new PlanCommand(), RANGE).out()).isEmpty();

        assertThat(scene.rowsHash("dwd.dwd_fill_a")).isEqualTo(scene.rowsHash("dwd.dwd_fill_b"));
        assertThat(scene.rowsHash("dim.dim_fill_a_scd")).isEqualTo(scene.rowsHash("dim.dim_fill_b_scd"));
        assertThat(scene.session
                        .query("SELECT concat_ws(' ', user_id, province, visits, valid_from, valid_to, is_current)"
                                + " FROM dim.dim_fill_a_scd ORDER BY user_id, valid_from")
                        .rows())
                .extracting(row -> row.get(0))
                .containsExactly(
                        "1 north 1 2026-11-01 2026-11-02 false",
                        "1 east 2 2026-11-02 2026-11-03 false",
                        "1 north 4 2026-11-03 9999-12-31 true",
                        "2 south 1 2026-11-01 2026-11-02 false",
                        "2 south 4 2026-11-03 9999-12-31 true",
                        "3 4 2026-11-03 9999-12-31 true",
                        "4 west 2 2026-11-01 2026-11-03 false");
    }

    @Test
    void addingASnapshotIsTheSameAsDerivingAllAgain() {
        String source = "ods.ods_zip_user_df";
        scene.source(source, List.of("ds"), "user_id:int", "province:string", "visits:int");
        ModelNode grown = zipper("dim.dim_zip_grown_scd", source);
        ModelNode derived = zipper("dim.dim_zip_derived_scd", source);
        scene.models(grown, derived);
        Random random = new Random(11);
        for (int day = 1; day <= 6; day++) {
            String rows = IntStream.range(0, 30)
                    .filter(user -> random.nextInt(4) > 0)
                    .mapToObj(user -> "(" + user + ", "
                            + (random.nextInt(5) == 0 ? "CAST(NULL AS STRING)" : "'p" + random.nextInt(3) + "'") + ", "
                            + random.nextInt(100) + ")")
                    .collect(Collectors.joining(", "));
            scene.publish(source, "ds=2026-11-0" + day, rows);
            assertThat(scene.run(new BuildCommand(), "--ds", "2026-11-0" + day, "--select", "dim_zip_grown_scd")
                            .code())
                    .isZero();
        }
        assertThat(scene.run(new BuildCommand(), "--ds", "2026-11-06").code()).isZero();

        assertThat(scene.rowsHash("dim.dim_zip_grown_scd")).isEqualTo(scene.rowsHash("dim.dim_zip_derived_scd"));
        // the record of the last one holds what was read of the one before and one day more: it was an extension
        Provenance last = provenance("dim.dim_zip_grown_scd");
        assertThat(Zipper.days(last)).hasSize(6);
        Map<String, String> five = new TreeMap<>(last.inputs().get(0).partitions());
        five.remove("ds=2026-11-06");
        Provenance before = made(five);
        assertThat(ZipperExtension.added(before, last)).contains(LocalDate.of(2026, 11, 6));
        assertThat(ZipperExtension.added(last, last)).isEmpty();
        assertThat(ZipperExtension.added(last, before)).isEmpty();
        five.put("ds=2026-11-03", "20261103T000000Z-000000");
        assertThat(ZipperExtension.added(made(five), last)).isEmpty();
        five.remove("ds=2026-11-03");
        assertThat(ZipperExtension.added(made(five), last)).isEmpty();
    }

    private static Provenance made(Map<String, String> partitions) {
        return new Provenance("model", "h", List.of(Provenance.Input.of("ods.ods_zip_user_df", partitions)));
    }

    private Provenance provenance(String table) {
        return scene.store
                .provenance(scene.store.partitions(TableName.parse(table)).get(0))
                .orElseThrow();
    }

    @Test
    void viewsAndWholeTables() {
        scene.source("ods.ods_whole_df", List.of("ds"), "site:string", "n:int");
        scene.publish("ods.ods_whole_df", "ds=2026-11-01", "('a', 1)");
        scene.publish("ods.ods_whole_df", "ds=2026-11-02", "('b', 2)");
        scene.models(
                table(
                        "dwd.dwd_whole_view",
                        "view",
                        "SELECT site, n, ds FROM ods.ods_whole_df",
                        "site:string",
                        "n:int",
                        "ds:string"),
                table("dws.dws_whole_td", "full", "SELECT sum(n) AS n FROM dwd.dwd_whole_view", "n:bigint"),
                Scene.model(
                        "dws.dws_whole_1d", "SELECT sum(n) AS n FROM dwd.dwd_whole_view WHERE ds = :ds", "n:bigint"));
        assertThat(scene.run(new BuildCommand(), "--ds", "2026-11-01").code()).isZero();
        assertThat(scene.session.query("SELECT n FROM dws.dws_whole_td").single())
                .isEqualTo(3);
        assertThat(scene.run(new PlanCommand(), "--ds", "2026-11-01").out()).isEmpty();

        // what is behind a view counts, day by day
        scene.publish("ods.ods_whole_df", "ds=2026-11-02", "('b', 7)");
        assertThat(scene.run(new PlanCommand(), "--ds", "2026-11-01").lines())
                .containsExactly("1 dws_whole_td (whole) input newer: ods.ods_whole_df ds=2026-11-02");
        assertThat(scene.run(new BuildCommand(), "--ds", "2026-11-01").code()).isZero();
        assertThat(scene.session.query("SELECT n FROM dws.dws_whole_td").single())
                .isEqualTo(8);
    }

    @Test
    void retryMakesWhatFailedAndWhatWasSkipped() {
        ModelNode good = Scene.model("dwd.dwd_again_good", "SELECT 1 AS n", "n:int");
        ModelNode broken = Scene.model("dwd.dwd_again", "SELECT nothing AS n", "n:int");
        ModelNode reader = Scene.model("dws.dws_again", "SELECT n FROM dwd.dwd_again WHERE ds = :ds", "n:int");
        scene.models(good, broken, reader);
        assertThat(scene.run(new BuildCommand(), "--ds", "2026-11-01").code()).isEqualTo(1);
        assertThat(scene.run(new RetryCommand()).code()).isEqualTo(1);

        scene.models(good, Scene.model("dwd.dwd_again", "SELECT 2 AS n", "n:int"), reader);
        assertThat(scene.run(new RetryCommand()).code()).isZero();
        assertThat(scene.results().results())
                .extracting(Result::uniqueId)
                .containsExactly("model.dwd_again", "model.dws_again");
        assertThat(scene.run(new RetryCommand()).err()).contains("nothing to retry");
        assertThat(scene.session.query("SELECT n FROM dws.dws_again").single()).isEqualTo(2);
    }

    @Test
    void anInterruptedProcessCancelsItsStatementsAndLeavesNothingBehind() throws Exception {
        String endless = "SELECT count(*) AS n FROM range(100000000000000) WHERE id % 7 = 3";
        scene.models(
                Scene.model("dwd.dwd_endless", endless, "n:bigint"),
                Scene.model("dws.dws_endless", "SELECT n FROM dwd.dwd_endless WHERE ds = :ds", "n:bigint"));
        Path log = home.resolve("build.log");
        // who runs the tests in the background (`&`) has them started with SIGINT ignored
        Process build = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        BuildCommand.class.getName(),
                        "--ds",
                        "2026-11-01",
                        "--home",
                        home.toString(),
                        "--profile",
                        scene.warehouse.profileFile().toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            waitUntilStaged(build);
            new ProcessBuilder("kill", "-INT", String.valueOf(build.pid()))
                    .start()
                    .waitFor();
            assertThat(build.waitFor(60, TimeUnit.SECONDS))
                    .as("the process ends")
                    .isTrue();
        } finally {
            build.destroyForcibly();
        }
        assertThat(build.exitValue()).as("ended by SIGINT").isEqualTo(130);
        assertThat(scene.results().results())
                .as(Files.readString(log))
                .extracting(Result::status)
                .containsExactly(Status.ERROR, Status.SKIPPED);
        assertThat(scene.results().results().get(0).message()).contains("the build was cancelled");
        assertThat(staged()).isEmpty();
        assertThat(scene.store.partitions(new TableName("dwd", "dwd_endless"))).isEmpty();
        Path table = Path.of(URI.create(scene.warehouse.profile().fs())).resolve("granary/warehouse/dwd/dwd_endless");
        try (var versions = Files.list(table)) {
            assertThat(versions.filter(v -> v.getFileName().toString().startsWith("v=")))
                    .isEmpty();
        }
        assertThat(new Home(home).runResults()).exists();
    }

    private List<List<Object>> staged() {
        return scene.session
                .query("SHOW TABLES IN granary_staging LIKE 'dwd__dwd_endless*'")
                .rows();
    }

    private void waitUntilStaged(Process build) throws InterruptedException {
        scene.session.execute("CREATE DATABASE IF NOT EXISTS granary_staging");
        for (int i = 0; i < 600 && staged().isEmpty() && build.isAlive(); i++) {
            Thread.sleep(100);
        }
        // the statement has begun by then
        Thread.sleep(1500);
    }
}
