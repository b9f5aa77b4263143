package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.batch.env.EnvironmentCommand;
import io.granary.batch.env.PromoteCommand;
import io.granary.batch.versions.RollbackCommand;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.tablestore.testing.LocalMetastore.Fault;
import io.granary.warehouse.manifest.ModelNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an environment to production, on a real warehouse. */
class PromoteTest {
    private static final String D1 = "2026-11-01";

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

    private Scene.Outcome run(Object command, String env, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--env", env));
        return scene.run(command, all.toArray(String[]::new));
    }

    private void build(String env) {
        Scene.Outcome built = run(new BuildCommand(), env, "--ds", D1);
        assertThat(built.code()).as(built.err()).isZero();
    }

    private static ModelNode day(String table, String sql) {
        return Scene.model(table, sql, "site:string", "n:bigint");
    }

    private static ModelNode whole(String table, String materialization, String sql) {
        return Scene.model(
                table, materialization, List.of(), null, List.of(), List.of(), sql, "site:string", "n:bigint");
    }

    /** A day of ods → dwd → dws in production, and a dws in the project that is another. */
    private ModelNode[] chain(String name, ModelNode... more) {
        String ods = "ods.ods_" + name;
        scene.source(ods, List.of("ds"), "site:string", "n:int");
        scene.publish(ods, "ds=" + D1, "('a', 1), ('b', 2)");
        List<ModelNode> models = new ArrayList<>(List.of(
                day("dwd.dwd_" + name, "SELECT site, CAST(n AS BIGINT) AS n FROM " + ods + " WHERE ds = :ds"),
                day(
                        "dws.dws_" + name,
                        "SELECT site, sum(n) AS n FROM dwd.dwd_" + name + " WHERE ds = :ds GROUP BY site")));
        models.addAll(List.of(more));
        scene.models(models.toArray(ModelNode[]::new));
        assertThat(scene.run(new BuildCommand(), "--ds", D1).code()).isZero();
        models.set(1, day(models.get(1).table(), models.get(1).sql().replace("sum(n)", "sum(n * 10)")));
        scene.models(models.toArray(ModelNode[]::new));
        return models.toArray(ModelNode[]::new);
    }

    private PublishedPartition only(String table) {
        return scene.store.partitions(TableName.parse(table)).get(0);
    }

    /** Name and time of the data files of a table's only partition. */
    private Map<String, Long> files(String table) throws IOException {
        Map<String, Long> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of(URI.create(only(table).location())))) {
            for (Path file : files.filter(f -> !f.getFileName().toString().matches("[._].*"))
                    .toList()) {
                found.put(
                        file.getFileName().toString(),
                        Files.getLastModifiedTime(file).toMillis());
            }
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    private void nothingIsLeftToDo(int models) {
        assertThat(scene.run(new PlanCommand(), "--ds", D1).err())
                .contains("nothing to do: " + models + " models are up to date");
    }

    @Test
    void filesMoveAndProductionHasNothingLeftToBuild() throws Exception {
        String v = "dws.v_promote";
        ModelNode view = whole(v, "view", "SELECT site, n * 2 AS n FROM dws.dws_promote");
        ModelNode full = whole("ads.ads_promote", "full", "SELECT site, n FROM " + v + " WHERE n > 0");
        chain("promote", view, full);
        build("dev_p");
        String env = "dev_p__";
        Map<String, Long> daily = files(env + "dws.dws_promote");
        Map<String, Long> once = files(env + "ads.ads_promote");
        String run = only(env + "ads.ads_promote").run().value();

        Scene.Outcome plan = run(new PromoteCommand(), "dev_p", "--plan");
        assertThat(plan.code()).as(plan.err()).isZero();
        assertThat(plan.out().lines().map(line -> line.split("\t")[0] + " " + line.split("\t")[2]))
                .containsExactly("dws_promote 2", "v_promote -", "ads_promote 2");
        assertThat(scene.session.query("SELECT sum(n) FROM ads.ads_promote").single())
                .isEqualTo(6);

        Scene.Outcome promoted = run(new PromoteCommand(), "dev_p");
        assertThat(promoted.code()).as(promoted.err()).isZero();
        assertThat(promoted.out()).isEqualTo(plan.out()).contains("ads_promote\t(whole)\t2\t" + run);
        assertThat(scene.session.query("SELECT sum(n) FROM ads.ads_promote").single())
                .isEqualTo(60);
        assertThat(scene.session.query("SELECT sum(n) FROM " + v).single()).isEqualTo(60);
        assertThat(files("dws.dws_promote")).isEqualTo(daily);
        assertThat(files("ads.ads_promote")).isEqualTo(once);
        assertThat(only("ads.ads_promote").run().value()).isEqualTo(run);
        nothingIsLeftToDo(4);
        assertThat(scene.run(new EnvironmentCommand(), "list").out()).doesNotContain("dev_p\t");
        assertThat(run(new PromoteCommand(), "dev_p").err()).contains("nothing to promote");

        Scene.Outcome back = scene.run(new RollbackCommand(), "dws_promote", "--ds", D1);
        assertThat(back.code()).as(back.err()).isZero();
        assertThat(scene.session.query("SELECT sum(n) FROM dws.dws_promote").single())
                .isEqualTo(3);
    }

    @Test
    void aPromotionThatDiedIsDoneToItsEnd() throws Exception {
        chain("died", day("ads.ads_died", "SELECT site, n FROM dws.dws_died WHERE ds = :ds"));
        build("dev_d");
        Map<String, Long> daily = files("dev_d__dws.dws_died");
        Object before = scene.rowsHash("dws.dws_died");

        // the files are moved, and the metastore refuses to publish
        scene.warehouse.metastore().fail("alter_partitions_with_environment_context", Fault.BEFORE);
        Scene.Outcome died = run(new PromoteCommand(), "dev_d");
        assertThat(died.code()).isEqualTo(1);
        assertThat(died.err()).contains("Nothing of dws.dws_died was published");
        assertThat(Path.of(URI.create(only("dev_d__dws.dws_died").location()))).doesNotExist();
        assertThat(scene.rowsHash("dws.dws_died")).isEqualTo(before);

        // published, and it dies before the environment's table goes
        scene.warehouse.metastore().fail("drop_table_with_environment_context", Fault.BEFORE);
        died = run(new PromoteCommand(), "dev_d");
        assertThat(died.code()).isEqualTo(1);
        assertThat(files("dws.dws_died")).isEqualTo(daily);
        assertThat(scene.store.partitions(TableName.parse("dev_d__dws.dws_died")))
                .hasSize(1);

        Scene.Outcome end = run(new PromoteCommand(), "dev_d");
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(end.out()).startsWith("ads_died\t").hasLineCount(1);
        nothingIsLeftToDo(3);
        assertThat(scene.store.schema(TableName.parse("dev_d__dws.dws_died"))).isEmpty();
        assertThat(scene.session.query("SELECT sum(n) FROM ads.ads_died").single())
                .isEqualTo(30);
    }

    @Test
    void whatProductionWouldHaveToBuildAgainIsRefused() {
        ModelNode[] models =
                chain("refused", day("ads.ads_refused", "SELECT site, n FROM dws.dws_refused WHERE ds = :ds"));
        build("dev_r");
        Object before = scene.rowsHash("dws.dws_refused");

        Scene.Outcome alone = run(new PromoteCommand(), "dev_r", "--select", "ads_refused");
        assertThat(alone.code()).isEqualTo(1);
        assertThat(alone.err())
                .contains("nothing was promoted")
                .contains("dev_r__ads.ads_refused ds=2026-11-01: input newer: dws.dws_refused ds=2026-11-01");

        ModelNode built = models[1];
        models[1] = day(built.table(), built.sql().replace("n * 10", "n * 11"));
        scene.models(models);
        assertThat(run(new PromoteCommand(), "dev_r").err())
                .contains("dev_r__dws.dws_refused ds=2026-11-01: definition changed")
                .contains("granary build --env dev_r");
        // as production has it: what was built here is of no use
        models[1] = day(built.table(), built.sql().replace("sum(n * 10)", "sum(n)"));
        scene.models(models);
        assertThat(run(new PromoteCommand(), "dev_r").code()).isEqualTo(1);
        assertThat(scene.rowsHash("dws.dws_refused")).isEqualTo(before);

        // a column that came at the end is taken over, another type is not
        models[1] = Scene.model(
                built.table(),
                built.sql().replace("AS n", "AS n, max(n) AS biggest"),
                "site:string",
                "n:bigint",
                "biggest:bigint");
        scene.models(models);
        assertThat(scene.run(new EnvironmentCommand(), "drop", "dev_r").err()).contains("say --yes");
        assertThat(scene.run(new EnvironmentCommand(), "drop", "dev_r", "--yes").code())
                .isZero();
        assertThat(scene.store.schema(TableName.parse("dev_r__dws.dws_refused")))
                .isEmpty();
        build("dev_r");
        Scene.Outcome added = run(new PromoteCommand(), "dev_r");
        assertThat(added.code()).as(added.err()).isZero();
        assertThat(added.err()).contains("dws.dws_refused: columns are added");
        assertThat(scene.session
                        .query("SELECT sum(biggest) FROM dws.dws_refused")
                        .single())
                .isEqualTo(3);

        models[2] = Scene.model(
                "ads.ads_refused",
                "SELECT site, CAST(n AS STRING) AS n FROM dws.dws_refused WHERE ds = :ds",
                "site:string",
                "n:string");
        scene.models(models);
        build("dev_r");
        Scene.Outcome type = run(new PromoteCommand(), "dev_r");
        assertThat(type.code()).isEqualTo(1);
        assertThat(type.err())
                .contains("--full-refresh")
                .contains("n is bigint in the table, string in the definition");
        Scene.Outcome anew = run(new PromoteCommand(), "dev_r", "--full-refresh");
        assertThat(anew.code()).as(anew.err()).isZero();
        assertThat(scene.session
                        .query("SELECT n FROM ads.ads_refused WHERE site = 'b'")
                        .rows())
                .containsExactly(List.of("20"));
        nothingIsLeftToDo(3);
    }

    @Test
    void namesAreChecked() {
        assertThat(scene.run(new PromoteCommand()).err()).contains("name it with --env");
        assertThat(run(new PromoteCommand(), "prod").err()).contains("name it with --env");
        assertThat(run(new PromoteCommand(), "Dev").err()).contains("is no name of an environment");
        assertThat(scene.run(new EnvironmentCommand(), "drop", "prod", "--yes").err())
                .contains("is production");
        assertThat(scene.run(new EnvironmentCommand(), "drop", "dev_nobody", "--yes")
                        .err())
                .contains("there is no environment dev_nobody");
    }
}
