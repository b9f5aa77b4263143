package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.TableName;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table exists with other columns than its definition. */
class MigrationTest {
    private static final String D1 = "2026-11-01";
    private static final String D2 = "2026-11-02";

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

    private void source(String table) {
        scene.source(table, List.of("ds"), "site:string", "n:int");
        scene.publish(table, "ds=" + D1, "('a', 1), ('b', 2)");
        scene.publish(table, "ds=" + D2, "('a', 3)");
    }

    private static ModelNode hits(String source, String table) {
        return Scene.model(
                table, "SELECT h.site, h.n FROM " + source + " AS h WHERE h.ds = :ds", "site:string", "n:int");
    }

    private void build(String... args) {
        Scene.Outcome built = scene.run(new BuildCommand(), args);
        assertThat(built.code()).as(built.err()).isZero();
    }

    @Test
    void aColumnAddedAtTheEndIsTakenOverAndEarlierDaysHaveNullThere() {
        source("ods.ods_added_df");
        scene.models(hits("ods.ods_added_df", "dwd.dwd_added"));
        build("--from", D1, "--to", D2);

        ModelNode more = Scene.model(
                "dwd.dwd_added",
                "SELECT h.site, h.n, h.n * 10 AS tens FROM ods.ods_added_df AS h WHERE h.ds = :ds",
                "site:string",
                "n:int",
                "tens:int");
        scene.models(more);
        assertThat(scene.run(new PlanCommand(), "--ds", D1).lines())
                .containsExactly(
                        "1 dwd_added ds=2026-11-01 definition changed",
                        "table dwd.dwd_added gets column tens int; rows made before have NULL there until their days are"
                                + " built again");
        assertThat(scene.run(new PlanCommand(), "--ds", D1, "--output", "json").out())
                .contains("\"action\" : \"add_columns\"")
                .contains("\"name\" : \"tens\"");
        build("--ds", D1);

        String rows = "SELECT site, n, tens FROM dwd.dwd_added ORDER BY n";
        List<List<Object>> expected =
                List.of(List.of("a", 1, 10), List.of("b", 2, 20), java.util.Arrays.asList("a", 3, null));
        assertThat(scene.session.query(rows).rows()).isEqualTo(expected);
        // as Hive's own reader does it
        scene.session.execute("SET spark.sql.hive.convertMetastoreOrc=false");
        assertThat(scene.session.query(rows).rows()).isEqualTo(expected);
        scene.session.execute("SET spark.sql.hive.convertMetastoreOrc=true");

        build("--ds", D2);
        assertThat(scene.session.query(rows).rows().get(2)).isEqualTo(List.of("a", 3, 30));
    }

    @Test
    void anyOtherDifferenceFailsThatModelUntilTheTableIsMadeAnew() throws Exception {
        source("ods.ods_other_df");
        ModelNode reader =
                Scene.model("dws.dws_other_reads", "SELECT site FROM dwd.dwd_other WHERE ds = :ds", "site:string");
        scene.models(
                hits("ods.ods_other_df", "dwd.dwd_other"), hits("ods.ods_other_df", "dwd.dwd_other_sound"), reader);
        build("--from", D1, "--to", D2);
        URI second = scene.store.partitions(TableName.parse("dwd.dwd_other")).stream()
                .filter(p -> p.spec().toString().equals("ds=" + D2))
                .map(p -> URI.create(p.location()))
                .findFirst()
                .orElseThrow();

        ModelNode other = Scene.model(
                "dwd.dwd_other",
                "SELECT h.site, CAST(h.n AS STRING) AS n FROM ods.ods_other_df AS h WHERE h.ds = :ds",
                "site:string",
                "n:string");
        scene.models(other, hits("ods.ods_other_df", "dwd.dwd_other_sound"), reader);
        scene.publish("ods.ods_other_df", "ds=" + D1, "('a', 5)");
        String difference = "column n is int in the table, string in the definition";

        assertThat(scene.run(new PlanCommand(), "--ds", D1).out())
                .contains("table dwd.dwd_other  needs --full-refresh: " + difference)
                .contains("1 partition that this plan does not make would go: ds=2026-11-02")
                .contains("granary backfill --select dwd_other");

        Scene.Outcome refused = scene.run(new BuildCommand(), "--ds", D1);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains(difference).contains("--full-refresh");
        assertThat(scene.results().results())
                .extracting(Result::uniqueId, Result::status)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("model.dwd_other", Status.ERROR),
                        org.assertj.core.groups.Tuple.tuple("model.dws_other_reads", Status.SKIPPED),
                        org.assertj.core.groups.Tuple.tuple("model.dwd_other_sound", Status.SUCCESS));
        assertThat(scene.session.query("SELECT sum(n) FROM dwd.dwd_other").single())
                .isEqualTo(6);

        String[] anew = {"--ds", D1, "--select", "dwd_other+", "--full-refresh"};
        assertThat(scene.run(new PlanCommand(), anew).out())
                .contains("table dwd.dwd_other  is made anew: " + difference)
                .contains("1 partition that this plan does not make go: ds=2026-11-02");
        build(anew);
        assertThat(scene.session.query("SELECT ds, n FROM dwd.dwd_other").rows())
                .containsExactly(List.of(D1, "5"));
        assertThat(Path.of(second))
                .isDirectoryContaining(file -> file.toString().endsWith(".orc")
                        || file.getFileName().toString().startsWith("part-"));

        build("--from", D1, "--to", D2);
        assertThat(scene.session
                        .query("SELECT ds, n FROM dwd.dwd_other ORDER BY ds")
                        .rows())
                .containsExactly(List.of(D1, "5"), List.of(D2, "3"));
        assertThat(Files.exists(Path.of(second))).isTrue();
    }

    @Test
    void aTableOfOthersIsRefusedByName() {
        source("ods.ods_foreign_df");
        scene.session.execute("CREATE DATABASE IF NOT EXISTS dwd");
        scene.session.execute("CREATE TABLE dwd.dwd_foreign (site STRING) STORED AS PARQUET");
        scene.models(hits("ods.ods_foreign_df", "dwd.dwd_foreign"));

        assertThat(scene.run(new PlanCommand(), "--ds", D1).out())
                .contains("table dwd.dwd_foreign  is refused")
                .contains("was not made by Granary");
        Scene.Outcome refused = scene.run(new BuildCommand(), "--ds", D1, "--full-refresh");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("was not made by Granary").contains("Rename it");
    }

    @Test
    void whatIsUpToDateIsNotAskedForItsColumns() {
        source("ods.ods_quiet_df");
        scene.models(hits("ods.ods_quiet_df", "dwd.dwd_quiet"));
        build("--ds", D1);
        scene.warehouse.metastore().calls();

        assertThat(scene.run(new PlanCommand(), "--ds", D1).out()).isEmpty();

        assertThat(scene.warehouse.metastore().calls()).doesNotContain("get_table", "get_table_req", "get_partitions");
    }
}
