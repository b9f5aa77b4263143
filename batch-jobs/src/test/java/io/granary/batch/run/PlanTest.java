package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.TableName;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults.Result;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {
    private static final String D1 = "2026-11-01";
    private static final String D2 = "2026-11-02";
    private static final String D3 = "2026-11-03";

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

    private static ModelNode hits(String source, String table) {
        return Scene.model(
                table, "SELECT h.site, h.n FROM " + source + " AS h WHERE h.ds = :ds", "site:string", "n:int");
    }

    private static ModelNode sums(String from, String table) {
        return Scene.model(
                table,
                "SELECT site, sum(n) AS n FROM " + from + " WHERE ds = :ds GROUP BY site",
                "site:string",
                "n:bigint");
    }

    private void twoDays(String source) {
        scene.source(source, List.of("ds"), "site:string", "n:int");
        scene.publish(source, "ds=" + D1, "('a', 1), ('b', 2)");
        scene.publish(source, "ds=" + D2, "('a', 3)");
    }

    @Test
    void whatIsMissingChangedOrFedAnewIsPlannedAndNothingElse() throws Exception {
        twoDays("ods.ods_plan_df");
        ModelNode dwd = hits("ods.ods_plan_df", "dwd.dwd_plan");
        ModelNode dws = sums("dwd.dwd_plan", "dws.dws_plan");
        scene.models(dws, dwd);
        String[] range = {"--from", D1, "--to", D2};

        assertThat(scene.run(new PlanCommand(), range).lines())
                .containsExactly(
                        "1 dwd_plan ds=2026-11-01 missing",
                        "2 dws_plan ds=2026-11-01 missing",
                        "3 dwd_plan ds=2026-11-02 missing",
                        "4 dws_plan ds=2026-11-02 missing");
        assertThat(scene.run(new BuildCommand(), range).code()).isZero();

        Scene.Outcome none = scene.run(new PlanCommand(), range);
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("nothing to do: 2 models are up to date");
        assertThat(scene.run(new PlanCommand(), "--ds", D1, "--output", "json").out())
                .contains("\"steps\" : [ ]");

        // another version of one day: that day and what reads it
        scene.publish("ods.ods_plan_df", "ds=" + D1, "('a', 10)");
        assertThat(scene.run(new PlanCommand(), range).lines())
                .containsExactly(
                        "1 dwd_plan ds=2026-11-01 input newer: ods.ods_plan_df ds=2026-11-01",
                        "2 dws_plan ds=2026-11-01 input is built: dwd.dwd_plan ds=2026-11-01");
        assertThat(scene.run(new PlanCommand(), "--ds", D2).out()).isEmpty();
        assertThat(scene.run(new BuildCommand(), range).code()).isZero();
        assertThat(scene.results().results()).extracting(Result::partition).containsOnly("ds=" + D1);
        assertThat(scene.session
                        .query("SELECT n FROM dws.dws_plan WHERE ds = '" + D1 + "'")
                        .single())
                .isEqualTo(10);

        // another definition: all its days
        ModelNode changed = sums("dwd.dwd_plan", "dws.dws_plan");
        ModelNode doubled =
                Scene.model("dws.dws_plan", changed.sql().replace("sum(n)", "sum(2 * n)"), "site:string", "n:bigint");
        scene.models(doubled, dwd);
        assertThat(scene.run(new PlanCommand(), range).lines())
                .containsExactly(
                        "1 dws_plan ds=2026-11-01 definition changed", "2 dws_plan ds=2026-11-02 definition changed");
        assertThat(scene.run(new PlanCommand(), "--ds", D2, "--full-refresh", "--select", "dwd_plan")
                        .lines())
                .containsExactly("1 dwd_plan ds=2026-11-02 requested");
    }

    @Test
    void provenanceNamesThePartitionsOfTheIntervalOnly() throws Exception {
        twoDays("ods.ods_interval_df");
        String third = scene.publish("ods.ods_interval_df", "ds=" + D3, "('c', 5)");
        scene.models(Scene.model(
                "dws.dws_interval_2d",
                "SELECT sum(n) AS n FROM ods.ods_interval_df WHERE ds > date_sub(:ds, 2) AND ds <= :ds",
                "n:bigint"));

        assertThat(scene.run(new BuildCommand(), "--ds", D3).code()).isZero();

        var published =
                scene.store.partitions(new TableName("dws", "dws_interval_2d")).get(0);
        assertThat(scene.store
                        .provenance(published)
                        .orElseThrow()
                        .inputs()
                        .get(0)
                        .partitions())
                .containsOnlyKeys("ds=" + D2, "ds=" + D3)
                .containsEntry("ds=" + D3, third);
        assertThat(Files.readString(Path.of(URI.create(published.location())).resolveSibling("_granary.json")))
                .contains("\"ds=" + D3 + "\" : \"" + third + "\"");
        scene.publish("ods.ods_interval_df", "ds=" + D1, "('a', 100)");
        assertThat(scene.run(new PlanCommand(), "--ds", D3).out()).isEmpty();
        scene.publish("ods.ods_interval_df", "ds=" + D2, "('a', 4)");
        assertThat(scene.run(new PlanCommand(), "--ds", D3).lines())
                .containsExactly("1 dws_interval_2d ds=2026-11-03 input newer: ods.ods_interval_df ds=2026-11-02");
    }

    @Test
    void lateRowsReopenTheirDayAndWhatReadsIt() {
        scene.source("ods.ods_late_hi", List.of("ds", "hh"), "site:string", "n:int");
        for (String day : List.of(D1, D2, D3)) {
            scene.publish("ods.ods_late_hi", "ds=" + day + "/hh=07", "('a', 1)");
        }
        scene.models(hits("ods.ods_late_hi", "dwd.dwd_late"), sums("dwd.dwd_late", "dws.dws_late"));
        assertThat(scene.run(new BuildCommand(), "--from", D1, "--to", D3).code())
                .isZero();
        assertThat(scene.run(new PlanCommand(), "--late").out()).isEmpty();

        // an hour that was empty until now, of the first day
        scene.publish("ods.ods_late_hi", "ds=" + D1 + "/hh=23", "('a', 5)");

        List<String> expected = List.of(
                "1 dwd_late ds=2026-11-01 input newer: ods.ods_late_hi ds=2026-11-01/hh=23",
                "2 dws_late ds=2026-11-01 input is built: dwd.dwd_late ds=2026-11-01");
        assertThat(scene.run(new PlanCommand(), "--late").lines()).isEqualTo(expected);
        assertThat(scene.run(new PlanCommand(), "--late", "--since", "2026-01-01")
                        .lines())
                .isEqualTo(expected);
        assertThat(scene.run(new PlanCommand(), "--late", "--since", "2999-01-01")
                        .out())
                .isEmpty();
        assertThat(scene.run(new PlanCommand(), "--from", D1, "--to", D3).lines())
                .isEqualTo(expected);
        assertThat(scene.run(new BuildCommand(), "--late").code()).isZero();
        assertThat(scene.session
                        .query("SELECT n FROM dws.dws_late WHERE ds = '" + D1 + "'")
                        .single())
                .isEqualTo(6);
        assertThat(scene.run(new PlanCommand(), "--late").out()).isEmpty();
    }

    @Test
    void lookbackMakesTheDaysBeforeAgain() {
        twoDays("ods.ods_back_df");
        ModelNode dwd = Scene.model(
                "dwd.dwd_back",
                "incremental",
                List.of("ds"),
                1,
                List.of(),
                List.of(),
                "SELECT site, n FROM ods.ods_back_df WHERE ds = :ds",
                "site:string",
                "n:int");
        scene.models(dwd, sums("dwd.dwd_back", "dws.dws_back"));
        assertThat(scene.run(new BuildCommand(), "--ds", D1).code()).isZero();
        assertThat(scene.run(new PlanCommand(), "--ds", D2).lines())
                .containsExactly(
                        "1 dwd_back ds=2026-11-01 lookback: of 2026-11-02",
                        "2 dws_back ds=2026-11-01 input is built: dwd.dwd_back ds=2026-11-01",
                        "3 dwd_back ds=2026-11-02 missing",
                        "4 dws_back ds=2026-11-02 missing");
        assertThat(scene.run(new BuildCommand(), "--ds", D2).code()).isZero();
        assertThat(scene.run(new PlanCommand(), "--ds", D2).out()).isEmpty();
    }

    @Test
    void hoursAreMadeOneByOne() {
        scene.source("ods.ods_hourly_hi", List.of("ds", "hh"), "site:string", "n:int");
        scene.publish("ods.ods_hourly_hi", "ds=" + D1 + "/hh=07", "('a', 1)");
        scene.publish("ods.ods_hourly_hi", "ds=" + D1 + "/hh=08", "('a', 2)");
        scene.models(
                Scene.model(
                        "dws.dws_hourly_1h",
                        "incremental",
                        List.of("ds", "hh"),
                        null,
                        List.of(),
                        List.of(),
                        "SELECT sum(n) AS n FROM ods.ods_hourly_hi WHERE ds = :ds AND hh = :hh",
                        "n:bigint"),
                Scene.model(
                        "dws.dws_hourly_1d", "SELECT sum(n) AS n FROM dws.dws_hourly_1h WHERE ds = :ds", "n:bigint"));
        assertThat(scene.run(new BuildCommand(), "--ds", D1).code()).isZero();
        assertThat(scene.session
                        .query("SELECT hh, n FROM dws.dws_hourly_1h ORDER BY hh")
                        .rows())
                .containsExactly(List.of("07", 1L), List.of("08", 2L));
        assertThat(scene.session.query("SELECT n FROM dws.dws_hourly_1d").single())
                .isEqualTo(3);
        assertThat(scene.run(new PlanCommand(), "--ds", D1).out()).isEmpty();

        scene.publish("ods.ods_hourly_hi", "ds=" + D1 + "/hh=08", "('a', 5)");
        assertThat(scene.run(new PlanCommand(), "--ds", D1).lines())
                .containsExactly(
                        "1 dws_hourly_1h ds=2026-11-01/hh=08 input newer: ods.ods_hourly_hi ds=2026-11-01/hh=08",
                        "2 dws_hourly_1d ds=2026-11-01 input is built: dws.dws_hourly_1h ds=2026-11-01/hh=08");
    }

    @Test
    void daysAreNamedInOneWay() {
        scene.models();
        assertThat(scene.run(new PlanCommand()).err()).contains("give --ds D, or --from A and --to B, or --late");
        assertThat(scene.run(new PlanCommand(), "--ds", D1, "--from", D1).code())
                .isEqualTo(2);
        assertThat(scene.run(new PlanCommand(), "--from", D2, "--to", D1).err()).contains("is after --to");
        assertThat(scene.run(new PlanCommand(), "--late", "--ds", D1).code()).isEqualTo(2);
        assertThat(scene.run(new PlanCommand(), "--ds", D1, "--since", D1).code())
                .isEqualTo(2);
    }
}
