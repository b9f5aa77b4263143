package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.SyncScene.Ended;
import io.granary.ingestion.sync.engine.FolderTables;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.jdbc.PostgresServer;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.manifest.TableRead;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database crashes in the middle of a sync, when some parts are staged, and comes back. */
class SourceRestartTest {
    private static final int ROWS = 200_000;
    private static final TableName TABLE = TableName.parse("ods.ods_trade_orders_df");

    @TempDir
    Path home;

    private FolderTables tables;
    private Stores stores;

    @BeforeEach
    void stores() {
        tables = new FolderTables(home.resolve("files/warehouse"));
        Configuration watched = new Configuration();
        watched.set("fs.file.impl", PausingFiles.class.getName());
        watched.setBoolean("fs.file.impl.disable.cache", true);
        stores = new Stores() {
            @Override
            public Configuration hadoop() {
                return watched;
            }

            @Override
            public <T> T tables(Function<TableStore, T> work) {
                return tables.tables(work);
            }
        };
    }

    @Test
    void mariaDb(@TempDir Path folder) throws Exception {
        try (MariaDbServer server = MariaDbServer.start(folder)) {
            SyncScene scene =
                    SyncScene.of(home, stores, "mariadb", server.port(), "shop", () -> server.connect("shop"));
            scene.execute(
                    "SET GLOBAL innodb_flush_log_at_trx_commit = 1",
                    "CREATE TABLE orders (id INT PRIMARY KEY, amount DECIMAL(12,2))",
                    "INSERT INTO orders VALUES (1, 0.01)");
            yesterday(scene);
            scene.execute("INSERT INTO orders SELECT seq, seq / 100 FROM seq_2_to_" + ROWS, "ANALYZE TABLE orders");
            crashed(scene, "shop (granary@127.0.0.1:" + server.port() + "/shop)", () -> {
                server.crash();
                return null;
            });
            server.startAgain();
            resumed(scene);
        }
    }

    @Test
    void postgreSql() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            SyncScene scene =
                    SyncScene.of(home, stores, "postgresql", server.port(), "shop", () -> server.connect("shop"));
            scene.execute(
                    "CREATE TABLE orders (id INT PRIMARY KEY, amount NUMERIC(12,2))",
                    "INSERT INTO orders VALUES (1, 0.01)");
            yesterday(scene);
            scene.execute(
                    "INSERT INTO orders SELECT n, n / 100.0 FROM generate_series(2, " + ROWS + ") AS n",
                    "ANALYZE orders");
            crashed(scene, "shop (granary@127.0.0.1:" + server.port() + "/shop)", () -> {
                server.crash();
                return null;
            });
            server.startAgain();
            resumed(scene);
        }
    }

    private void yesterday(SyncScene scene) {
        scene.source("orders", "orders", "full", new TableRead(null, null, null, null, null, 2, null, null, null));
        Ended yesterday = scene.sync("orders", "2026-11-01");
        assertThat(yesterday.code()).as(yesterday.err()).isZero();
    }

    private void crashed(SyncScene scene, String connection, Callable<Void> crash) throws Exception {
        // the first line of the log says how the table is cut, each other that a part is staged
        PausingFiles.before("create log/00000002.json", () -> {
            try {
                crash.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Ended failed = scene.sync("orders", "2026-11-02");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err())
                .contains("connection " + connection, "orders", "The connection is lost", "then run this again")
                .contains("parts are staged: the next run of the same day goes on from there");
        assertThat(days()).isEqualTo(Map.of("ds=2026-11-01", 1L));

        Ended down = scene.sync("orders", "2026-11-02");
        assertThat(down.code()).isEqualTo(1);
        assertThat(down.err()).contains("cannot open connection " + connection, "Is the database up");
    }

    private void resumed(SyncScene scene) throws Exception {
        Ended resumed = scene.sync("orders", "2026-11-02");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).containsPattern("[123] of 4 parts were staged by an earlier run");
        assertThat(days()).isEqualTo(Map.of("ds=2026-11-01", 1L, "ds=2026-11-02", (long) ROWS));
    }

    /** Rows of each day that readers see, each of them once. */
    private Map<String, Long> days() throws Exception {
        Map<String, Long> days = new TreeMap<>();
        for (TableStore.PublishedPartition day : tables.partitions(TABLE)) {
            List<Map<String, Object>> rows = Fixture.rows(Path.of(URI.create(day.location())));
            assertThat(rows.stream().map(row -> row.get("id")).distinct().count())
                    .isEqualTo(rows.size());
            days.put(day.spec().toString(), (long) rows.size());
        }
        return days;
    }
}
