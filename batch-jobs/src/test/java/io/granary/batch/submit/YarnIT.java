package io.granary.batch.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.batch.run.BuildCommand;
import io.granary.batch.seal.SealCommand;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.tablestore.testing.YarnScene;
import io.granary.warehouse.command.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code granary submit --master yarn} as a driver JVM of its own, with an application master and an executor that a
 * real YARN starts, on the warehouse of this JVM. Needs about 3 GB of memory; only with {@code -Pyarn}.
 */
class YarnIT {
    private static final LocalDate OVER_JDBC = LocalDate.parse("2026-11-03");
    private static final LocalDate ON_YARN = LocalDate.parse("2026-11-04");
    private static final LocalWarehouse WAREHOUSE = LocalWarehouse.shared();

    @TempDir
    private static Path folder;

    private static YarnScene scene;
    private static MiniYARNCluster yarn;

    @BeforeAll
    static void startYarn() throws Exception {
        scene = new YarnScene(folder);
        yarn = new MiniYARNCluster("granary", 1, 1, 1);
        yarn.init(scene.settings("file:///"));
        yarn.start();
        assertThat(yarn.waitForNodeManagersToConnect(30_000)).isTrue();
        scene.found(yarn.getConfig());
    }

    @AfterAll
    static void stopYarn() {
        yarn.stop();
    }

    @Test
    void aDayIsTheSameOverJdbcAndOnYarn() throws Exception {
        int before = applications().size();
        SmallChain chain = new SmallChain(WAREHOUSE, "yarn", folder);
        chain.land(OVER_JDBC, 500);
        assertThat(Commands.run(new SealCommand(), chain.arguments("--wait", "0")))
                .isZero();
        assertThat(Commands.run(new BuildCommand(), chain.arguments("--ds", OVER_JDBC.toString())))
                .isZero();

        chain.land(ON_YARN, 500);
        submit(chain.arguments("seal", "--wait", "0"));
        submit(chain.arguments("build", "--ds", ON_YARN.toString()));

        assertThat(chain.hashes(ON_YARN)).isEqualTo(chain.hashes(OVER_JDBC)).noneMatch(h -> h.contains(0L));
        assertThat(chain.provenance(ON_YARN)).isEqualTo(chain.provenance(OVER_JDBC));
        assertThat(applications())
                .hasSize(before + 2)
                .allSatisfy(app -> assertThat(app.getYarnApplicationState()).isEqualTo(YarnApplicationState.FINISHED))
                .allSatisfy(
                        app -> assertThat(app.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.SUCCEEDED))
                // a container for the application master and one for the executor at least ran for a while
                .allSatisfy(app -> assertThat(
                                app.getApplicationResourceUsageReport().getVcoreSeconds())
                        .isPositive());
    }

    private static final String SOURCE = """
            {"manifest_version": 1, "project": "test", "generated_at": "2026-11-21T20:00:00Z", "hash": "h", "subjects": [],
             "sources": [{"id": "source.trade.on_yarn", "subject": "trade", "name": "on_yarn", "type": "jdbc", "description": "d",
               "table": "ods.ods_trade_on_yarn_df", "partition": ["ds"], "time_zone": "UTC", "connection": "shop", "mode": "full",
               "read": {"tables": "on_yarn_*", "channels": 2}}],
             "models": [], "counters": [], "exports": [], "reports": [], "edges": []}
            """;

    private static final String JOB = """
            {"job": {"content": [{
              "reader": {"name": "mysqlreader", "parameter": {"username": "granary", "password": "${connection:shop}",
                "connection": [{"jdbcUrl": ["jdbc:mysql://127.0.0.1:%1$d/shop"],
                  "querySql": ["SELECT id, amount * 2 FROM on_yarn_1", "SELECT id, amount * 2 FROM on_yarn_2"]}]}},
              "writer": {"name": "hdfswriter", "parameter": {"defaultFS": "%2$s", "path": "%2$s/jobs/on_yarn", "fileName": "part",
                "fileType": "orc", "writeMode": "append",
                "column": [{"name": "id", "type": "bigint"}, {"name": "amount", "type": "decimal(14,2)"}]}}}]}}
            """;

    /** The executors read the database, two tables side by side, and write what the driver publishes. */
    @Test
    void aSyncAndAJobRunOnYarn() throws Exception {
        MariaDbServer server = MariaDbServer.shared();
        server.execute(
                "shop",
                "CREATE OR REPLACE TABLE on_yarn_1 (id BIGINT PRIMARY KEY, amount DECIMAL(12,2))",
                "CREATE OR REPLACE TABLE on_yarn_2 LIKE on_yarn_1",
                "INSERT INTO on_yarn_1 SELECT seq, seq / 100 FROM seq_1_to_1000",
                "INSERT INTO on_yarn_2 SELECT seq, seq / 100 FROM seq_1001_to_2000");
        Path home = Files.createDirectories(folder.resolve("sync-home"));
        Files.writeString(home.resolve("password"), "granary-secret");
        Path profile = Files.writeString(
                home.resolve("profile.yaml"),
                Files.readString(WAREHOUSE.profileFile())
                        + "connections:\n  shop: {type: mariadb, host: 127.0.0.1, port: " + server.port()
                        + ", database: shop, user: granary, password: \"${file:password}\"}\n");
        Files.writeString(Files.createDirectories(home.resolve("target")).resolve("manifest.json"), SOURCE);
        Path job = Files.writeString(
                home.resolve("job.json"),
                JOB.formatted(server.port(), WAREHOUSE.profile().fs()));
        String[] places = {"--home", home.toString(), "--profile", profile.toString()};
        int before = applications().size();
        submit("sync", "trade.on_yarn", "--ds", "2026-11-05", places[0], places[1], places[2], places[3]);
        submit("job", "run", job.toString(), places[0], places[1], places[2], places[3]);
        assertThat(applications())
                .hasSize(before + 2)
                .allSatisfy(
                        app -> assertThat(app.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.SUCCEEDED));
        try (SqlSession session = HiveJdbcSession.open(WAREHOUSE.profile())) {
            assertThat(session.query("SELECT source_table, count(*), CAST(sum(amount) AS STRING)"
                                    + " FROM ods.ods_trade_on_yarn_df WHERE ds = '2026-11-05' GROUP BY 1 ORDER BY 1")
                            .rows())
                    .containsExactly(List.of("on_yarn_1", 1000L, "5005.00"), List.of("on_yarn_2", 1000L, "15005.00"));
            assertThat(session.query("SELECT count(*), CAST(sum(amount) AS STRING) FROM orc.`"
                                    + WAREHOUSE.profile().fs() + "/jobs/on_yarn`")
                            .rows())
                    .containsExactly(List.of(2000L, "40020.00"));
        }
    }

    private static List<ApplicationReport> applications() throws Exception {
        try (YarnClient client = YarnScene.client(yarn.getConfig())) {
            return client.getApplications();
        }
    }

    private static void submit(String... verb) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--master", "yarn"));
        for (String conf : List.of(
                "spark.executor.instances=1",
                "spark.executor.cores=2",
                "spark.executor.memory=512m",
                "spark.yarn.am.memory=256m",
                "spark.yarn.stagingDir=" + folder.resolve("staging").toUri())) {
            arguments.addAll(List.of("--conf", conf));
        }
        arguments.addAll(Arrays.asList(verb));
        long started = System.nanoTime();
        Process driver = scene.process(List.of("-Xmx768m"), SubmitCommand.class, arguments)
                .inheritIO()
                .start();
        try {
            assertThat(driver.waitFor(4, TimeUnit.MINUTES)).isTrue();
            assertThat(driver.exitValue()).isZero();
        } finally {
            driver.destroy();
        }
        System.err.printf("on YARN: %s took %.1f s%n", verb[0], (System.nanoTime() - started) / 1e9);
    }
}
