package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.tablestore.testing.CountedFiles;
import io.granary.tablestore.testing.FullDisk;
import io.granary.tablestore.testing.LocalMetastore.Fault;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two publishers, tables without partitions, views, changed columns, and what a publish costs. */
class PublishTest {
    private static final AtomicInteger TABLES = new AtomicInteger();
    private static final Provenance PROVENANCE = new Provenance("model.t", "77aa", List.of());
    private static final LockTerms IMPATIENT =
            new LockTerms(Duration.ofMillis(800), Duration.ofMillis(200), Duration.ofSeconds(60));
    private static final LockTerms SHORT_LIVED =
            new LockTerms(Duration.ofSeconds(30), Duration.ofMillis(200), Duration.ofSeconds(1));

    private final LocalWarehouse warehouse = LocalWarehouse.shared();
    private final TableName name = new TableName("dws", "dws_publish_" + TABLES.incrementAndGet());
    private HiveJdbcSession session;
    private HiveTableStore store;
    private HiveTableStore other;
    private HiveCatalog catalog;

    @BeforeEach
    void open() {
        session = HiveJdbcSession.open(warehouse.profile());
        store = HiveTableStore.open(warehouse.profile(), session);
        other = HiveTableStore.open(warehouse.profile(), session, IMPATIENT);
        catalog = HiveCatalog.connect(warehouse.profile());
    }

    @AfterEach
    void close() {
        catalog.close();
        other.close();
        store.close();
        session.close();
    }

    @Test
    void ofTwoRunsOnOnePartitionTheSecondPublishesNothing() {
        store.ensure(daily());
        TableStore.Staging first = store.stage(name, run(), Set.of(day("2026-11-01")));
        TableStore.Staging second = other.stage(name, run());
        insert(first, "('a', 1)");
        insert(second, "('b', 2)");
        store.publish(first, Set.of(day("2026-11-01")), PROVENANCE);
        assertThatThrownBy(() -> other.publish(second, Set.of(day("2026-11-01")), PROVENANCE))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("partition ds=2026-11-01 of " + name + " has moved while run " + second.run())
                .hasMessageContaining("it was missing then and is version " + first.run() + " now")
                .hasMessageContaining("Nothing was published")
                .satisfies(e -> assertThat(((GranaryException) e).code()).isEqualTo(ErrorCode.BUSY));
        assertThat(rows()).isEqualTo("[[a, 1]]");
        other.discard(second);
    }

    @Test
    void runsOnDifferentPartitionsDoNotHinderEachOther() {
        store.ensure(daily());
        TableStore.Staging first = store.stage(name, run());
        TableStore.Staging second = other.stage(name, run());
        insert(first, "('a', 1)");
        session.execute("INSERT OVERWRITE TABLE " + second.table() + " PARTITION (ds='2026-11-02') VALUES ('b', 2)");
        store.publish(first, Set.of(), PROVENANCE);
        other.publish(second, Set.of(), PROVENANCE);
        assertThat(rows()).isEqualTo("[[a, 1], [b, 2]]");
    }

    @Test
    void whoHoldsTheTableIsSaidWhenItDoesNotComeFree() {
        store.ensure(daily());
        TableStore.Staging staging = other.stage(name, run());
        insert(staging, "('a', 1)");
        String user = System.getProperty("user.name");
        try (PublishLock held = PublishLock.acquire(catalog, name, "run 20261121T200000Z-aaaaaa", IMPATIENT)) {
            held.confirm();
            assertThatThrownBy(() -> other.publish(staging, Set.of(), PROVENANCE))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("table " + name + " is being published by " + user + " on ")
                    .hasMessageContaining("(run 20261121T200000Z-aaaaaa, process "
                            + ProcessHandle.current().pid() + ", since ")
                    .hasMessageContaining("Nothing was published");
        }
        assertThat(rows()).isEqualTo("[]");
        other.publish(staging, Set.of(), PROVENANCE);
        assertThat(rows()).isEqualTo("[[a, 1]]");
    }

    @Test
    void theSecondPublisherWaitsForTheFirst() throws Exception {
        store.ensure(daily());
        TableStore.Staging staging = store.stage(name, run());
        insert(staging, "('a', 1)");
        CompletableFuture<List<PartitionSpec>> published;
        try (PublishLock held = PublishLock.acquire(catalog, name, "someone", LockTerms.DEFAULT)) {
            held.confirm();
            published = CompletableFuture.supplyAsync(() -> store.publish(staging, Set.of(), PROVENANCE));
            TimeUnit.MILLISECONDS.sleep(500);
            assertThat(published).isNotDone();
        }
        assertThat(published.get(20, TimeUnit.SECONDS)).containsExactly(day("2026-11-01"));
    }

    @Test
    void theLockOfADeadPublisherIsTakenAwayAndALivingOneKeepsIt() throws Exception {
        store.ensure(daily());
        // a holder that never sends a heartbeat, as one that was killed
        LockTerms silent = new LockTerms(Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofHours(1));
        PublishLock dead = PublishLock.acquire(catalog, name, "the dead", silent);
        HiveCatalog second = catalog.another();
        try (PublishLock taken = PublishLock.acquire(second, name, "the heir", SHORT_LIVED)) {
            taken.confirm();
            assertThatThrownBy(dead::confirm)
                    .hasMessageContaining("the lock on table " + name + " was taken away")
                    .hasMessageContaining("Nothing was published");
            // longer than its expiry: its heartbeats keep it
            HiveCatalog third = catalog.another();
            LockTerms waits = new LockTerms(Duration.ofSeconds(2), Duration.ofMillis(200), Duration.ofSeconds(1));
            assertThatThrownBy(() -> PublishLock.acquire(third, name, "too eager", waits))
                    .hasMessageContaining("the heir");
            taken.confirm();
            third.close();
        }
        dead.close();
        second.close();
    }

    @Test
    void aTableWithoutPartitionsIsPublishedWhole() {
        TableSchema whole = new TableSchema(name, columns(), List.of(), "All sites");
        store.ensure(whole);
        store.ensure(whole);
        assertThat(store.partitions(name)).isEmpty();
        TableStore.Staging first = whole("('a', 1), ('b', 2)");
        assertThat(rows()).isEqualTo("[]");
        assertThat(store.publish(first, Set.of(), PROVENANCE)).containsExactly(PartitionSpec.of());
        assertThat(rows()).isEqualTo("[[a, 1], [b, 2]]");
        assertThat(store.partitions(name)).singleElement().satisfies(p -> {
            assertThat(p.run()).isEqualTo(first.run());
            assertThat(p.location()).isEqualTo(first.location());
        });
        store.ensure(whole);

        TableStore.Staging late = whole("('late', 9)");
        store.publish(whole("('c', 3)"), Set.of(PartitionSpec.of()), PROVENANCE);
        assertThat(rows()).isEqualTo("[[c, 3]]");
        assertThatThrownBy(() -> store.publish(late, Set.of(), PROVENANCE)).hasMessageContaining("has moved while");
        store.discard(late);
        store.discard(first);
        assertThat(rows()).isEqualTo("[[c, 3]]");
    }

    @Test
    void aTableWithoutPartitionsSurvivesALostAnswerAndAFailure() {
        store.ensure(new TableSchema(name, columns(), List.of(), ""));
        TableStore.Staging staging = whole("('a', 1)");
        warehouse.metastore().fail("alter_table_with_environment_context", Fault.BEFORE);
        assertThatThrownBy(() -> store.publish(staging, Set.of(), PROVENANCE))
                .hasMessageContaining("Nothing of " + name + " was published");
        assertThat(rows()).isEqualTo("[]");
        warehouse.metastore().fail("alter_table_with_environment_context", Fault.AFTER);
        assertThat(store.publish(staging, Set.of(), PROVENANCE)).hasSize(1);
        assertThat(rows()).isEqualTo("[[a, 1]]");
    }

    @Test
    void aViewIsReplacedInPlace() {
        RunId first = store.replaceView(name, "SELECT 'it\\'s' AS site, 1L AS hits", PROVENANCE);
        assertThat(rows()).isEqualTo("[[it's, 1]]");
        RunId second = store.replaceView(name, "SELECT 'b' AS site, 2L AS hits", PROVENANCE);
        assertThat(rows()).isEqualTo("[[b, 2]]");
        assertThat(second).isNotEqualTo(first);
        assertThat(catalog.table(name).orElseThrow().getParameters())
                .containsEntry("granary.run_id", second.value())
                .containsEntry("granary.sql_hash", "77aa");
        assertThatThrownBy(() -> store.stage(name, run())).hasMessageContaining("is a view");
        assertThat(store.migration(daily()).refused()).containsExactly("it is a view, the definition makes a table");

        store.recreate(daily());
        assertThatThrownBy(() -> store.replaceView(name, "SELECT 1", PROVENANCE))
                .hasMessageContaining("is a table, the definition makes a view");
    }

    @Test
    void columnsAddedAtTheEndAreTakenOverAndOthersNeedAFullRefresh() {
        assertThat(store.migration(daily()).creates()).isTrue();
        store.ensure(daily());
        assertThat(store.migration(daily()).isEmpty()).isTrue();
        publish("('a', 1)");
        List<Column> longer = new ArrayList<>(columns());
        longer.add(new Column("bytes", "bigint", "Bytes"));
        TableSchema wider = new TableSchema(name, longer, days(), "");
        assertThat(store.migration(wider).added()).containsExactly(new Column("bytes", "bigint", "Bytes"));
        assertThat(store.migration(wider).needsFullRefresh()).isFalse();
        store.ensure(wider);
        assertThat(rows()).isEqualTo("[[a, 1]]");
        assertThat(session.query("SELECT site, hits, bytes FROM " + name).rows().toString())
                .isEqualTo("[[a, 1, null]]");
        publish("('b', 2, 3)");
        assertThat(session.query("SELECT site, hits, bytes FROM " + name).rows().toString())
                .isEqualTo("[[b, 2, 3]]");

        TableSchema retyped =
                new TableSchema(name, List.of(new Column("site", "string"), new Column("hits", "string")), days(), "");
        assertThat(store.migration(retyped).refused())
                .containsExactlyInAnyOrder(
                        "column hits is bigint in the table, string in the definition",
                        "column bytes bigint is in the table only");
        assertThatThrownBy(() -> store.ensure(retyped)).hasMessageContaining("--full-refresh");
        store.recreate(retyped);
        assertThat(store.schema(name).orElseThrow().columns()).isEqualTo(retyped.columns());
        assertThat(store.partitions(name)).isEmpty();
        assertThat(rows()).isEqualTo("[]");
        publish("('c', 'x')");
        assertThat(rows()).isEqualTo("[[c, x]]");
    }

    @Test
    void tablePropertiesAreKeptInWhatIsWritten() {
        store.ensure(daily());
        session.execute("ALTER TABLE " + name
                + " SET TBLPROPERTIES ('orc.compress' = 'ZLIB', 'orc.bloom.filter.columns' = 'site')");
        TableStore.Staging staging = store.stage(name, run());
        assertThat(catalog.table(staging.table()).orElseThrow().getParameters())
                .containsEntry("orc.compress", "ZLIB")
                .containsEntry("orc.bloom.filter.columns", "site");
        insert(staging, "('a', 1)");
        try (var files = java.nio.file.Files.list(Path.of(URI.create(staging.location() + "/ds=2026-11-01")))) {
            assertThat(files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".orc")))
                    .isNotEmpty()
                    .allMatch(f -> f.contains(".zlib."));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        store.discard(staging);
    }

    @Test
    void aPublishMakesAsManyCallsOnDay13AsOnDay2() {
        CountedFiles files = new CountedFiles(HadoopSettings.fileSystem(warehouse.profile()));
        try (HiveTableStore counted =
                HiveTableStore.open(warehouse.profile(), session, LockTerms.DEFAULT, files, Clock.systemUTC())) {
            counted.ensure(daily());
            LocalDate first = LocalDate.of(2026, 1, 1);
            count(counted, files, first);
            Cost early = count(counted, files, first.plusDays(1));
            for (int d = 2; d < 12; d += 5) {
                TableStore.Staging many = counted.stage(name, run());
                session.execute(
                        "INSERT OVERWRITE TABLE " + many.table() + " PARTITION (ds) SELECT /*+ COALESCE(1) */ 'a', 1L,"
                                + " cast(date_add(DATE'2026-01-01', cast(id AS INT)) AS STRING) FROM range(" + d + ", "
                                + (d + 5) + ")");
                counted.publish(many, Set.of(), PROVENANCE);
            }
            assertThat(counted.partitions(name)).hasSize(12);
            assertThat(count(counted, files, first.plusDays(12))).isEqualTo(early);
            assertThat(early.metastore()).hasSizeLessThanOrEqualTo(13);
            assertThat(early.files()).isLessThanOrEqualTo(5);
            assertThat(early.metastore())
                    .filteredOn(c -> c.startsWith("alter_"))
                    .hasSize(1);
        }
    }

    @Test
    void aRecordThatTheDiskHasNoRoomForPublishesNothingAndFreesTheTable() throws Exception {
        store.ensure(daily());
        publish("('a', 1)");
        FullDisk disk = new FullDisk();
        disk.initialize(URI.create("file:///"), new Configuration());
        try (HiveTableStore full =
                HiveTableStore.open(warehouse.profile(), session, IMPATIENT, disk, Clock.systemUTC())) {
            TableStore.Staging staging = full.stage(name, run());
            insert(staging, "('a', 2)");
            FullDisk.under("v=" + staging.run() + "/_granary.json");
            assertThatThrownBy(() -> full.publish(staging, Set.of(), PROVENANCE))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("cannot write")
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining("make room");
            assertThat(rows()).isEqualTo("[[a, 1]]");
            full.discard(staging);
        } finally {
            FullDisk.under(null);
        }
        publish("('a', 3)");
        assertThat(rows()).isEqualTo("[[a, 3]]");
    }

    private record Cost(List<String> metastore, long files) {}

    private Cost count(HiveTableStore counted, CountedFiles files, LocalDate ds) {
        Set<PartitionSpec> interval = Set.of(day(ds.toString()));
        warehouse.metastore().calls();
        files.calls();
        TableStore.Staging staging = counted.stage(name, run(), interval);
        List<String> calls = new ArrayList<>(warehouse.metastore().calls());
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds='" + ds + "') VALUES ('a', 1)");
        warehouse.metastore().calls();
        counted.publish(staging, interval, PROVENANCE);
        calls.addAll(warehouse.metastore().calls());
        return new Cost(calls, files.calls());
    }

    private void publish(String rows) {
        TableStore.Staging staging = store.stage(name, run());
        insert(staging, rows);
        store.publish(staging, Set.of(), PROVENANCE);
    }

    private TableStore.Staging whole(String rows) {
        TableStore.Staging staging = store.stage(name, run());
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " VALUES " + rows);
        return staging;
    }

    private void insert(TableStore.Staging staging, String rows) {
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds='2026-11-01') VALUES " + rows);
    }

    private String rows() {
        return session.query("SELECT site, hits FROM " + name + " ORDER BY site")
                .rows()
                .toString();
    }

    private TableSchema daily() {
        return new TableSchema(name, columns(), days(), "");
    }

    private static List<Column> columns() {
        return List.of(new Column("site", "string"), new Column("hits", "bigint"));
    }

    private static List<Column> days() {
        return List.of(new Column("ds", "string"));
    }

    private static PartitionSpec day(String ds) {
        return PartitionSpec.of("ds", ds);
    }

    private static RunId run() {
        return RunId.next(Clock.systemUTC());
    }
}
