package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.SyncScene.Ended;
import io.granary.ingestion.sync.engine.FolderTables;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.manifest.TableRead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several tables by the spark engine; an attempt that failed is gone on from. */
class SparkShardsTest {
    private static final TableRead SHARDS = new TableRead("shard_*", null, null, null, null, 1, "spark", null, null);

    @TempDir
    Path home;

    @BeforeAll
    static void application() {
        // a process has one, and other tests need this
        LocalWarehouse.shared().spark();
    }

    @Test
    void onMariaDbWhatIsStagedIsNotReadAgain() throws Exception {
        SyncScene scene = SyncScene.mariadb(home, new FolderTables(home.resolve("warehouse")), "spark_shards");
        scene.execute(
                "SET sql_mode = ''",
                "CREATE TABLE shard_1 (id INT PRIMARY KEY, name VARCHAR(9), at DATETIME)",
                "CREATE TABLE shard_2 LIKE shard_1",
                "CREATE TABLE shard_3 LIKE shard_1",
                "INSERT INTO shard_1 SELECT seq, 'a', '2026-11-01 10:00:00' FROM seq_1_to_100",
                "INSERT INTO shard_2 SELECT seq, NULL, '2026-11-01 11:00:00' FROM seq_101_to_200",
                "INSERT INTO shard_3 VALUES (300, 'c', '0000-00-00 00:00:00')");
        goesOn(scene, "0000-00-00", "UPDATE shard_3 SET at = '2026-11-01 12:00:00'");
    }

    @Test
    void onPostgresWhatIsStagedIsNotReadAgain() throws Exception {
        SyncScene scene = SyncScene.postgresql(home, new FolderTables(home.resolve("warehouse")), "spark_shards");
        scene.execute(
                "CREATE TABLE shard_1 (id INT PRIMARY KEY, name VARCHAR(9), at TIMESTAMP)",
                "CREATE TABLE shard_2 (LIKE shard_1)",
                "CREATE TABLE shard_3 (LIKE shard_1)",
                "INSERT INTO shard_1 SELECT n, 'a', '2026-11-01 10:00:00' FROM generate_series(1, 100) n",
                "INSERT INTO shard_2 SELECT n, NULL, '2026-11-01 11:00:00' FROM generate_series(101, 200) n",
                "INSERT INTO shard_3 VALUES (300, 'c', 'infinity')");
        goesOn(scene, "infinity", "UPDATE shard_3 SET at = '2026-11-01 12:00:00'");
    }

    private void goesOn(SyncScene scene, String fault, String mended) throws Exception {
        scene.source("shard", null, "full", SHARDS);
        Ended failed = scene.sync("shard", "2026-11-01");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains(fault, "parts are staged: the next run of the same day goes on from there");
        assertThat(published()).isEmpty();

        scene.execute(mended);
        Ended done = scene.sync("shard", "2026-11-01");
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.err()).contains("2 of 3 parts were staged by an earlier run");
        List<Map<String, Object>> rows = published();
        assertThat(rows).hasSize(201);
        assertThat(rows.stream().map(row -> row.get("source_table")).distinct())
                .containsExactlyInAnyOrder("shard_1", "shard_2", "shard_3");
        assertThat(rows)
                .anySatisfy(row -> assertThat(row)
                        .containsEntry("id", 300L)
                        .containsEntry("source_table", "shard_3")
                        .containsEntry("at", "2026-11-01 12:00:00.000000"));
    }

    private List<Map<String, Object>> published() throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        if (Files.exists(home.resolve("warehouse"))) {
            try (Stream<Path> folders = Files.walk(home.resolve("warehouse"))) {
                for (Path day : folders.filter(f -> f.endsWith("ds=2026-11-01")).toList()) {
                    rows.addAll(Fixture.rows(day));
                }
            }
        }
        return rows;
    }
}
