package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.SyncScene.Ended;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.testing.ChildProcess;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.manifest.TableRead;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sync is killed as by `kill -9` at one step after the other, each time by the process that resumes it, over a real
 * metastore. Readers see yesterday's rows all the time, and in the end today's, each once.
 */
class SyncFaultsTest {
    private static final String TABLE = "ods.ods_trade_killed_df";
    private static final String TODAY = "2026-11-02";

    @TempDir
    Path home;

    private final LocalWarehouse warehouse = LocalWarehouse.shared();
    private SqlSession sql;
    private SyncScene scene;

    @Test
    void killedAnywhereItLeavesNothingThatReadersSeeAndIsResumed() throws Exception {
        try (SqlSession session = HiveJdbcSession.open(warehouse.profile())) {
            sql = session;
            scene = scene("killed");
            scene.execute(
                    "CREATE TABLE killed (id INT PRIMARY KEY, amount DECIMAL(12,2))",
                    "INSERT INTO killed VALUES (1, 1.00)");
            scene.source("killed", "killed", "full", new TableRead(null, null, null, null, null, 1, null, null, null));
            assertThat(scene.sync("killed", "2026-11-01").code()).isZero();
            scene.execute("INSERT INTO killed SELECT seq, seq / 100 FROM seq_2_to_220000", "ANALYZE TABLE killed");

            for (String step : List.of(
                    "write .part-00001.orc.writing",
                    "create .part-00002.orc.writing",
                    "create publishing.json",
                    "rename ds=" + TODAY + "/part-00001.orc",
                    "create _granary.json")) {
                kill(step);
                assertThat(seen()).as("killed at: " + step).isEqualTo(List.of(List.of("2026-11-01", 1L)));
            }
            Ended resumed = scene.sync("killed", TODAY);
            assertThat(resumed.code()).as(resumed.err()).isZero();
            assertThat(resumed.err()).containsPattern("(\\d) of \\1 parts were staged by an earlier run");
            complete();

            kill("delete granary/staging/sync/trade.killed/" + TODAY);
            complete();
            assertThat(scene.sync("killed", TODAY).code()).isZero();
            complete();
            assertThat(files("granary/staging/sync/trade.killed")).isEmpty();
        }
    }

    @Test
    void oldDaysShowTheNewColumns() throws Exception {
        try (SqlSession session = HiveJdbcSession.open(warehouse.profile())) {
            scene = scene("drifted");
            scene.source("drifted", "drifted", "full", null);
            scene.execute(
                    "CREATE TABLE drifted (id INT PRIMARY KEY, price DECIMAL(10,2), ratio FLOAT, note VARCHAR(9))",
                    "INSERT INTO drifted VALUES (1, 1.10, 0.5, 'a')");
            assertThat(scene.sync("drifted", "2026-11-01").code()).isZero();
            scene.execute(
                    "ALTER TABLE drifted MODIFY id BIGINT, MODIFY price DECIMAL(20,4), MODIFY ratio DOUBLE,"
                            + " ADD colour VARCHAR(9) FIRST",
                    "INSERT INTO drifted VALUES ('red', 5000000000, 9876543210123456.7891, 0.1, 'b')");
            Ended wider = scene.sync("drifted", "2026-11-02");
            assertThat(wider.code()).as(wider.err()).isZero();
            scene.execute("ALTER TABLE drifted DROP note, MODIFY ratio FLOAT");
            assertThat(scene.sync("drifted", "2026-11-03").code()).isEqualTo(1);
            Ended narrower = scene.sync("drifted", "2026-11-03", "--accept-drift");
            assertThat(narrower.code()).as(narrower.err()).isZero();
            for (String bySpark : List.of("true", "false")) {
                session.execute("SET spark.sql.hive.convertMetastoreOrc=" + bySpark);
                assertThat(session.query("SELECT ds, id, CAST(price AS STRING), ratio, note, colour"
                                        + " FROM ods.ods_trade_drifted_df ORDER BY ds, id")
                                .rows())
                        .as("read by Spark itself: " + bySpark)
                        .containsExactly(
                                Arrays.asList("2026-11-01", 1L, "1.1000", 0.5, "a", null),
                                Arrays.asList("2026-11-02", 1L, "1.1000", 0.5, "a", null),
                                Arrays.asList("2026-11-02", 5_000_000_000L, "9876543210123456.7891", 0.1, "b", "red"),
                                Arrays.asList("2026-11-03", 1L, "1.1000", 0.5, null, null),
                                Arrays.asList(
                                        "2026-11-03",
                                        5_000_000_000L,
                                        "9876543210123456.7891",
                                        (double) 0.1f,
                                        null,
                                        "red"));
            }
        }
    }

    @Test
    void sparkLandsTheSame() throws Exception {
        try (SqlSession session = HiveJdbcSession.open(warehouse.profile())) {
            scene = scene("sparked");
            scene.execute(
                    "CREATE TABLE sparked (id INT PRIMARY KEY, price DECIMAL(10,2), at DATETIME)",
                    "INSERT INTO sparked SELECT seq, seq / 100, '2026-03-29 02:30:00' FROM seq_1_to_1000");
            scene.source(
                    "sparked", "sparked", "full", new TableRead(null, null, null, null, null, 2, "spark", null, null));
            Ended ended = scene.sync("sparked", TODAY);
            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(session.query("SELECT count(*), CAST(sum(price) AS STRING), CAST(max(at) AS STRING)"
                                    + " FROM ods.ods_trade_sparked_df")
                            .rows())
                    .containsExactly(List.of(1000L, "5005.00", "2026-03-29 02:30:00"));
            scene.source(
                    "sparked",
                    "sparked",
                    "full",
                    new TableRead(null, null, null, null, null, null, "datax", null, null));
            assertThat(scene.sync("sparked", TODAY).err()).contains("DATAX_HOME");
        }
    }

    private void complete() {
        assertThat(seen()).isEqualTo(List.of(List.of("2026-11-01", 1L), List.of(TODAY, 220_000L)));
        assertThat(sql.query("SELECT CAST(sum(amount) AS STRING), count(DISTINCT id) FROM " + TABLE + " WHERE ds = '"
                                + TODAY + "'")
                        .rows())
                .containsExactly(List.of("242001100.99", 220_000L));
    }

    /** Rows of each day, also after somebody looked for partitions in the table's folder. */
    private List<List<Object>> seen() {
        sql.execute("MSCK REPAIR TABLE " + TABLE);
        return sql.query("SELECT ds, count(*) FROM " + TABLE + " GROUP BY ds ORDER BY ds")
                .rows();
    }

    private void kill(String step) throws Exception {
        ChildProcess child = ChildProcess.start(KilledSync.class, home, home.toString(), "trade.killed", TODAY, step);
        try {
            child.await(line -> line.equals("at " + step), Duration.ofSeconds(120));
            if (step.startsWith("rename")) {
                Ended second = scene.sync("killed", TODAY);
                assertThat(second.code()).isEqualTo(1);
                assertThat(second.err())
                        .contains(
                                "trade.killed ds=" + TODAY + " is being synced already",
                                "granary sync trade.killed ds=" + TODAY + " of home " + home);
            }
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + Files.readString(home.resolve("KilledSync.err")), e);
        } finally {
            child.kill();
        }
        assertThat(files("granary/warehouse/ods/ods_trade_killed_df")).allMatch(name -> name.matches("v=.*|_empty"));
    }

    private List<String> files(String folder) throws Exception {
        Path path = Path.of(URI.create(warehouse.profile().fs())).resolve(folder);
        if (!Files.exists(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> !name.endsWith(".crc"))
                    .toList();
        }
    }

    private SyncScene scene(String database) throws Exception {
        String stores = Files.readString(warehouse.profileFile());
        return SyncScene.mariadb(home, null, database, stores);
    }
}
