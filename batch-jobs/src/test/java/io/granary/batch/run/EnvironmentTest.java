package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.batch.quality.TestCommand;
import io.granary.batch.versions.GcCommand;
import io.granary.batch.versions.RollbackCommand;
import io.granary.tablestore.TableName;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Building in an environment, on a real warehouse. */
class EnvironmentTest {
    private static final String D1 = "2026-11-01";
    private static final String D2 = "2026-11-02";
    private static final String[] BOTH = {"--from", D1, "--to", D2};

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
        List<String> all = new java.util.ArrayList<>(List.of(args));
        all.addAll(List.of("--env", env));
        return scene.run(command, all.toArray(String[]::new));
    }

    private static ModelNode incremental(String table, String sql) {
        return Scene.model(table, sql, "site:string", "n:bigint");
    }

    /** ods → dwd → dws → ads (whole), and another dws that reads ods alone; two days of all are in production. */
    private ModelNode[] chain(String name) {
        String ods = "ods.ods_" + name;
        scene.source(ods, List.of("ds"), "site:string", "n:int");
        scene.publish(ods, "ds=" + D1, "('a', 1), ('b', 2)");
        scene.publish(ods, "ds=" + D2, "('a', 3)");
        ModelNode[] models = {
            incremental("dwd.dwd_" + name, "SELECT site, CAST(n AS BIGINT) AS n FROM " + ods + " WHERE ds = :ds"),
            incremental(
                    "dws.dws_" + name,
                    "SELECT site, sum(n) AS n FROM dwd.dwd_" + name + " WHERE ds = :ds GROUP BY site"),
            incremental("dws.other_" + name, "SELECT site, CAST(n AS BIGINT) AS n FROM " + ods + " WHERE ds = :ds"),
            incremental(
                    "ads.ads_" + name,
                    "SELECT d.site, d.n + o.n AS n FROM dws.dws_" + name + " AS d JOIN dws.other_" + name
                            + " AS o ON d.site = o.site AND d.ds = o.ds WHERE d.ds = :ds"),
        };
        scene.models(models);
        assertThat(scene.run(new BuildCommand(), BOTH).code()).isZero();
        return models;
    }

    private static ModelNode changed(ModelNode model, String from, String to) {
        return incremental(model.table(), model.sql().replace(from, to));
    }

    @Test
    void onlyWhatDiffersIsBuiltBesideProductionAndProductionStaysAsItIs() {
        ModelNode[] models = chain("env_build");
        String before = production("env_build");
        models[1] = changed(models[1], "sum(n)", "sum(n * 10)");
        scene.models(models);

        Scene.Outcome plan = run(new PlanCommand(), "dev_one", "--ds", D1);
        assertThat(plan.lines())
                .containsExactly("1 dws_env_build ds=2026-11-01 missing", "2 ads_env_build ds=2026-11-01 missing");
        assertThat(plan.err()).contains("2 of 4 models differ from production");

        Scene.Outcome build = run(new BuildCommand(), "dev_one", BOTH);
        assertThat(build.code()).as(build.err()).isZero();
        assertThat(scene.results().args()).containsEntry("env", "dev_one");
        assertThat(scene.results().results())
                .extracting(Result::uniqueId)
                .containsOnly("model.dws_env_build", "model.ads_env_build");
        assertThat(scene.session
                        .query("SELECT n FROM dev_one__ads.ads_env_build WHERE ds = '" + D1 + "' AND site = 'b'")
                        .single())
                .isEqualTo(22);
        assertThat(production("env_build")).isEqualTo(before);
        assertThat(scene.store.schema(new TableName("dev_one__dwd", "dwd_env_build")))
                .isEmpty();
        assertThat(run(new PlanCommand(), "dev_one", BOTH).err()).contains("nothing to do: 2 models are up to date");

        // the same definition as production's: nothing of its own
        models[1] = changed(models[1], "sum(n * 10)", "sum(n)");
        scene.models(models);
        Scene.Outcome same = run(new BuildCommand(), "dev_one", "--ds", D1);
        assertThat(same.code()).isZero();
        assertThat(same.err()).contains("0 of 4 models differ").contains("no model that is chosen differs");
        assertThat(run(new PlanCommand(), "prod", "--ds", D1).err()).contains("4 models are up to date");
    }

    @Test
    void retryTestRollbackAndCollectionKeepToTheEnvironment() {
        ModelNode[] models = chain("env_verbs");
        ModelNode good = models[1];
        models[1] = changed(good, "sum(n)", "sum(CAST(raise_error('no') AS BIGINT))");
        scene.models(models);
        assertThat(run(new BuildCommand(), "dev_two", "--ds", D1).code()).isEqualTo(1);

        Scene.Outcome wrong = run(new RetryCommand(), "dev_three");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("are of dev_two, --env (or GRANARY_ENV) is dev_three");
        // reverted: what failed in the environment must not be made in production
        models[1] = good;
        scene.models(models);
        String before = production("env_verbs");
        Scene.Outcome reverted = scene.run(new RetryCommand());
        assertThat(reverted.code()).isEqualTo(1);
        assertThat(reverted.err()).contains("does not differ from production any more");
        assertThat(production("env_verbs")).isEqualTo(before);

        models[1] = changed(good, "sum(n)", "max(n)");
        scene.models(models);
        Scene.Outcome retry = scene.run(new RetryCommand());
        assertThat(retry.code()).as(retry.err()).isZero();
        assertThat(scene.results().args()).containsEntry("env", "dev_two");
        assertThat(scene.session
                        .query("SELECT count(*) FROM dev_two__ads.ads_env_verbs")
                        .single())
                .isEqualTo(2);
        assertThat(run(new TestCommand(), "dev_two", "--ds", D1).code()).isZero();

        assertThat(run(new BuildCommand(), "dev_two", "--ds", D1, "--full-refresh", "--select", "dws_env_verbs")
                        .code())
                .isZero();
        Scene.Outcome rollback = run(new RollbackCommand(), "dev_two", "dws.dws_env_verbs", "--ds", D1);
        assertThat(rollback.code()).as(rollback.err()).isZero();
        assertThat(rollback.out()).startsWith("dev_two__dws.dws_env_verbs\tds=" + D1);
        // a bare name is production's without --env
        assertThat(scene.run(new RollbackCommand(), "dws_env_verbs", "--ds", D1).err())
                .contains("partition ds=" + D1 + " of dws.dws_env_verbs has no version before");
        Scene.Outcome gc = run(new GcCommand(), "dev_two", "--older", "0s");
        assertThat(gc.code()).isZero();
        assertThat(gc.out().lines()).hasSize(1).allMatch(line -> line.startsWith("dev_two__dws.dws_env_verbs\t"));
        assertThat(production("env_verbs")).isEqualTo(before);
    }

    @Test
    void daysThatTheEnvironmentLacksAreNamed() {
        ModelNode[] models = chain("env_days");
        models[3] = incremental(
                models[3].table(),
                "SELECT site, sum(n) AS n FROM dws.dws_env_days WHERE ds >= date_sub(:ds, 6) AND ds <= :ds GROUP BY site");
        models[1] = changed(models[1], "sum(n)", "max(n)");
        scene.models(models);
        Scene.Outcome plan = run(new PlanCommand(), "dev_four", "--ds", D2);
        assertThat(plan.err())
                .contains("warning: dev_four__dws.dws_env_days lacks partitions that production has and that are read:"
                        + " ds=2026-11-01. Build them first: granary backfill --env dev_four --select dws_env_days"
                        + " --from 2026-11-01 --to 2026-11-01");
        assertThat(run(new PlanCommand(), "dev_four", BOTH).err()).doesNotContain("warning");
        assertThat(run(new PlanCommand(), "Dev", "--ds", D2).err()).contains("'Dev' is no name of an environment");
    }

    private String production(String name) {
        StringBuilder state = new StringBuilder();
        for (String table : List.of("dwd.dwd_", "dws.dws_", "dws.other_", "ads.ads_")) {
            state.append(scene.rowsHash(table + name)).append(scene.store.partitions(TableName.parse(table + name)));
        }
        return state.toString();
    }
}
