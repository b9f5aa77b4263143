package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.tablestore.QuarantinedTables.State;
import io.granary.tablestore.testing.LocalMetastore;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.error.GranaryException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuarantinedTablesTest {
    private static final AtomicInteger TABLES = new AtomicInteger();
    private static final Provenance PROVENANCE = new Provenance("model.t", "77aa", List.of());
    private static final String RENAME = "alter_table_with_environment_context";

    private final LocalWarehouse warehouse = LocalWarehouse.shared();
    private final TableName name = new TableName("dws", "dws_retired_" + TABLES.incrementAndGet());
    private final TableName away = QuarantinedTables.quarantined(name);
    private HiveJdbcSession session;
    private HiveTableStore store;
    private QuarantinedTables tables;

    @BeforeEach
    void open() {
        session = HiveJdbcSession.open(warehouse.profile());
        store = HiveTableStore.open(warehouse.profile(), session);
        tables = QuarantinedTables.open(warehouse.profile(), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        tables.close();
        store.close();
        session.close();
    }

    @Test
    void aPartitionedTableGoesAndComesBackWithItsFilesWhereTheyAre() {
        publish(List.of(new Column("ds", "string")), "2026-11-01", "2026-11-02");
        TableFootprint before = tables.footprint(name).orElseThrow();
        assertThat(before.partitions()).hasSize(2);

        tables.quarantine(name);
        tables.quarantine(name);

        assertThat(tables.state(name)).isEqualTo(State.QUARANTINED);
        assertThat(tables.footprint(away).orElseThrow().digest()).isEqualTo(before.digest());
        assertThat(session.query("SELECT ds, hits FROM " + away + " ORDER BY ds")
                        .rows())
                .hasSize(2);
        assertThat(session.query("SHOW TBLPROPERTIES " + away).rows().toString())
                .contains("granary.retired_at", "granary.retired_from, " + name);
        assertThatThrownBy(() -> session.query("SELECT * FROM " + name))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining(name.table());

        tables.restore(name);
        tables.restore(name);

        assertThat(tables.state(name)).isEqualTo(State.PUBLISHED);
        assertThat(tables.footprint(name).orElseThrow()).isEqualTo(before);
        assertThat(session.query("SELECT ds, hits FROM " + name + " WHERE ds = '2026-11-02'")
                        .rows())
                .hasSize(1);
        assertThat(session.query("SHOW TBLPROPERTIES " + name).rows().toString())
                .doesNotContain("granary.retired");
        // it is published to as before
        publish(List.of(new Column("ds", "string")), "2026-11-03");
        assertThat(store.partitions(name)).hasSize(3);
    }

    @Test
    void aTableWithoutPartitionsAndAViewDoTheSame() {
        publish(List.of());
        TableName view = new TableName("dws", name.table() + "_v");
        store.replaceView(view, "SELECT hits FROM " + name, PROVENANCE);
        TableFootprint before = tables.footprint(name).orElseThrow();
        TableFootprint viewBefore = tables.footprint(view).orElseThrow();

        List.of(view, name).forEach(tables::quarantine);
        assertThat(tables.state(view)).isEqualTo(State.QUARANTINED);
        List.of(view, name).forEach(tables::restore);

        assertThat(tables.footprint(name).orElseThrow()).isEqualTo(before);
        assertThat(tables.footprint(view).orElseThrow()).isEqualTo(viewBefore);
        assertThat(session.query("SELECT hits FROM " + view).rows()).hasSize(1);
    }

    @Test
    void aLostAnswerIsNoFailure() {
        publish(List.of(new Column("ds", "string")), "2026-11-01");

        warehouse.metastore().fail(RENAME, LocalMetastore.Fault.AFTER);
        tables.quarantine(name);
        assertThat(tables.state(name)).isEqualTo(State.QUARANTINED);

        warehouse.metastore().fail(RENAME, LocalMetastore.Fault.BEFORE);
        assertThatThrownBy(() -> tables.restore(name)).isInstanceOf(GranaryException.class);
        assertThat(tables.state(name)).isEqualTo(State.QUARANTINED);
        tables.restore(name);
        assertThat(tables.state(name)).isEqualTo(State.PUBLISHED);
    }

    @Test
    void aDropTakesTheFilesAndNothingElse() {
        publish(List.of(new Column("ds", "string")), "2026-11-01");
        Path folder = Path.of(
                URI.create(tables.footprint(name).orElseThrow().location().replaceFirst("^file:/*", "file:///")));
        var others = tables.others(Set.of(name, away));
        tables.quarantine(name);
        assertThat(tables.others(Set.of(name, away))).isEqualTo(others);
        assertThat(tables.bytes(name)).isPositive();

        publish(List.of(new Column("ds", "string")), "2026-11-05");
        assertThat(tables.state(name)).isEqualTo(State.BOTH);
        assertThatThrownBy(() -> tables.drop(name)).hasMessageContaining("Nothing of it was dropped");
        assertThatThrownBy(() -> tables.restore(name)).isInstanceOf(GranaryException.class);
        session.execute("DROP TABLE " + name);

        tables.drop(name);
        tables.drop(name);

        assertThat(tables.state(name)).isEqualTo(State.ABSENT);
        assertThat(folder).doesNotExist();
        assertThat(folder.getParent()).exists();
        assertThat(tables.others(Set.of(name, away))).isEqualTo(others);
    }

    @Test
    void aTableOfSomebodyElseIsSeen() throws Exception {
        session.execute("CREATE DATABASE IF NOT EXISTS dws");
        session.execute("CREATE TABLE " + name + " (x INT) STORED AS ORC");
        assertThat(tables.state(name)).isEqualTo(State.FOREIGN);
        session.execute("DROP TABLE " + name);
        assertThat(tables.state(name)).isEqualTo(State.ABSENT);
    }

    @Test
    void foldersOfThePlatform() throws Exception {
        try (StoreFolders folders = StoreFolders.open(warehouse.profile())) {
            Path landing = Path.of(URI.create(warehouse.profile().fs())).resolve("granary/landing/web.log_1");
            Files.createDirectories(landing.resolve("dt=2026-11-01"));
            Files.writeString(landing.resolve("dt=2026-11-01/a.avro"), "12345");

            assertThat(folders.bytes("/granary/landing/web.log_1")).hasValue(5);
            folders.delete("/granary/landing/web.log_1");
            folders.delete("/granary/landing/web.log_1");
            assertThat(folders.bytes("/granary/landing/web.log_1")).isEmpty();
            String elsewhere = landing.resolveSibling("web.log_2").toUri().toString();
            Files.createDirectories(Path.of(URI.create(elsewhere)));
            folders.delete(elsewhere);
            assertThat(folders.bytes(elsewhere)).isEmpty();
            for (String wrong :
                    List.of("/granary/landing/../web.log_1", "/granary/landing", "/web.log_1", "web.log_1")) {
                assertThatThrownBy(() -> folders.delete(wrong)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    private void publish(List<Column> partition, String... days) {
        store.ensure(new TableSchema(name, List.of(new Column("hits", "bigint")), partition, ""));
        RunId run = RunId.next(Clock.systemUTC());
        TableStore.Staging staging = store.stage(name, run);
        if (partition.isEmpty()) {
            session.execute("INSERT OVERWRITE TABLE " + staging.table() + " SELECT 1L");
        }
        for (String day : days) {
            session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds = '" + day + "') SELECT 1L");
        }
        store.publish(staging, Set.of(), PROVENANCE);
    }
}
