package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FileUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks, rollback and collection of versions. */
class TableVersionsTest {
    private static final AtomicInteger TABLES = new AtomicInteger();
    private static final Provenance PROVENANCE = new Provenance("model.t", "77aa", List.of());
    private static final PartitionSpec DAY = PartitionSpec.of("ds", "2026-11-01");
    private static final PartitionSpec NEXT = PartitionSpec.of("ds", "2026-11-02");
    private static final Duration LONG = Duration.ofHours(24);

    private final LocalWarehouse warehouse = LocalWarehouse.shared();
    private final TableName name = new TableName("dws", "dws_versions_" + TABLES.incrementAndGet());
    private HiveJdbcSession session;
    private HiveTableStore store;
    private HiveTableStore tomorrow;
    private HiveTableStore later;

    @BeforeEach
    void open() {
        session = HiveJdbcSession.open(warehouse.profile());
        store = HiveTableStore.open(warehouse.profile(), session);
        tomorrow = at(Duration.ofHours(25));
        later = at(Duration.ofHours(50));
        store.ensure(
                new TableSchema(name, List.of(new Column("hits", "bigint")), List.of(new Column("ds", "string")), ""));
    }

    private HiveTableStore at(Duration after) {
        Clock clock = Clock.fixed(Instant.now().plus(after), ZoneOffset.UTC);
        return HiveTableStore.open(
                warehouse.profile(), session, LockTerms.DEFAULT, HadoopSettings.fileSystem(warehouse.profile()), clock);
    }

    @AfterEach
    void close() {
        later.close();
        tomorrow.close();
        store.close();
        session.close();
    }

    @Test
    void goesBackVersionByVersionAndForwardAgain() {
        RunId first = publish(1);
        RunId second = publish(2);
        RunId third = publish(3);
        TableVersions versions = store.versions();
        assertThat(versions.history(name, DAY)).containsExactly(third, second, first);

        assertThat(versions.rollback(name, DAY, Optional.empty(), "ann"))
                .isEqualTo(new TableVersions.Rollback(DAY, third, second));
        assertThat(hits()).isEqualTo(2);
        assertThat(described())
                .contains("granary.run_id=" + second)
                .contains("granary.rolled_back_from=" + third)
                .contains("granary.rolled_back_by=ann");
        versions.rollback(name, DAY, Optional.empty(), "ann");
        assertThat(hits()).isEqualTo(1);
        assertThatThrownBy(() -> versions.rollback(name, DAY, Optional.empty(), "ann"))
                .hasMessageContaining("has no version before " + first);

        versions.rollback(name, DAY, Optional.of(third), "ann");
        assertThat(hits()).isEqualTo(3);
        RunId fourth = publish(4);
        assertThat(versions.history(name, DAY)).containsExactly(fourth, third, second, first);
        assertThat(described()).doesNotContain("rolled_back");
    }

    @Test
    void neverGoesToAVersionThatWasNotPublishedOrIsNotWhole() throws Exception {
        RunId first = publish(1);
        publish(2);
        TableVersions versions = store.versions();
        RunId neverPublished = stage(9).run();
        assertThatThrownBy(() -> versions.rollback(name, DAY, Optional.of(neverPublished), "ann"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("was never published as version " + neverPublished)
                .hasMessageContaining(first.value());
        assertThatThrownBy(() -> versions.rollback(name, NEXT, Optional.empty(), "ann"))
                .hasMessageContaining("has no published partition ds=2026-11-02");

        Path day = folder(first).resolve("ds=2026-11-01");
        Path hidden = folder(first).resolve("_away");
        Files.move(day, hidden);
        assertThatThrownBy(() -> versions.rollback(name, DAY, Optional.empty(), "ann"))
                .hasMessageContaining("cannot go back to version " + first)
                .hasMessageContaining("is missing; readers take it for empty")
                .hasMessageContaining("Nothing has changed");
        Files.move(hidden, day);
        Files.delete(orc(day));
        assertThatThrownBy(() -> versions.rollback(name, DAY, Optional.empty(), "ann"))
                .hasMessageContaining("bytes) is missing");
        assertThat(hits()).isEqualTo(2);
    }

    @Test
    void noticesWhatOthersDidToAPublishedVersion() throws Exception {
        RunId run = publish(1);
        TableVersions versions = store.versions();
        assertThat(versions.verify(name, Set.of(DAY))).isEmpty();
        session.execute("INSERT INTO " + name + " PARTITION (ds='2026-11-01') VALUES (50)");
        assertThat(versions.verify(name, Set.of(DAY)))
                .singleElement()
                .asString()
                .contains("was not published; someone else wrote it");
        FileUtil.fullyDelete(folder(run).resolve("ds=2026-11-01").toFile());
        assertThat(versions.verify(name, Set.of(DAY)))
                .singleElement()
                .asString()
                .contains("is missing; readers take it for empty");
        assertThat(versions.verify(name, Set.of(NEXT)))
                .singleElement()
                .asString()
                .contains("is not published");
    }

    @Test
    void collectsOnlyWhatNobodyCanNeedAndOnlyAfterTheLongestQuery() {
        RunId first = publish(1);
        RunId second = publish(2);
        RunId third = publish(3);
        assertThat(store.versions().tables()).contains(name);

        Garbage seen = store.versions().collect(name, 1, LONG, false);
        assertThat(seen.folders()).isEmpty();
        assertThat(seen.waiting()).isEqualTo(1);
        Garbage would = tomorrow.versions().collect(name, 1, LONG, true);
        assertThat(would.folders()).extracting(Garbage.Folder::location).containsExactly(location(first));
        assertThat(would.bytes()).isPositive();
        assertThat(folder(first)).exists();
        assertThat(tomorrow.versions().collect(name, 1, LONG, false)).isEqualTo(would);
        assertThat(folder(first)).doesNotExist();
        assertThat(folder(second)).exists();
        assertThat(folder(third)).exists();
        assertThat(store.versions().history(name, DAY)).containsExactly(third, second, first);

        assertThat(tomorrow.versions().collect(name, 0, LONG, false).folders()).hasSize(1);
        assertThat(folder(second)).doesNotExist();
        assertThat(hits()).isEqualTo(3);
        assertThatThrownBy(() -> store.versions().rollback(name, DAY, Optional.empty(), "ann"))
                .hasMessageContaining("is missing");
        assertThat(hits()).isEqualTo(3);
    }

    @Test
    void aVersionThatIsSeenAgainCountsAnew() {
        RunId first = publish(1);
        RunId second = publish(2);
        store.versions().collect(name, 0, LONG, false);
        store.versions().rollback(name, DAY, Optional.empty(), "ann");
        RunId third = publish(3);
        Garbage garbage = tomorrow.versions().collect(name, 0, LONG, false);
        assertThat(garbage.folders()).isEmpty();
        assertThat(garbage.waiting()).isEqualTo(2);
        assertThat(later.versions().collect(name, 0, LONG, false).folders())
                .extracting(Garbage.Folder::location)
                .containsExactlyInAnyOrder(location(first), location(second));
        assertThat(folder(third)).exists();
    }

    @Test
    void aVersionStaysAsLongAsOneOfItsPartitionsIsSeen() {
        TableStore.Staging both = store.stage(name, run());
        session.execute("INSERT OVERWRITE TABLE " + both.table()
                + " PARTITION (ds) SELECT * FROM VALUES (1L, '2026-11-01'), (1L, '2026-11-02')");
        store.publish(both, Set.of(), PROVENANCE);
        publish(5);
        assertThat(later.versions().collect(name, 0, Duration.ZERO, false).folders())
                .isEmpty();
        assertThat(session.query("SELECT sum(hits) FROM " + name).single()).isEqualTo(6);
    }

    @Test
    void aRunThatDiedOverItsRecordIsCollectedLikeAnyOther() throws Exception {
        publish(1);
        TableStore.Staging half = stage(8);
        Files.writeString(folder(half.run()).resolve("_granary.json"), "{\"run_id\": \"2026");
        TableStore.Staging empty = stage(9);
        Files.createFile(folder(empty.run()).resolve("_granary.json"));

        assertThat(store.versions().collect(name, 0, Duration.ZERO, false).folders())
                .isEmpty();
        assertThat(tomorrow.versions().collect(name, 0, Duration.ZERO, false).folders())
                .hasSize(2);
        assertThat(session.query("SELECT sum(hits) FROM " + name).single()).isEqualTo(1);
    }

    @Test
    void whatDeadRunsLeftGoesWhenItIsOldAndARunningOneIsLeftAlone() throws Exception {
        publish(1);
        TableStore.Staging dead = stage(9);
        Path strange = folder(dead.run()).resolveSibling("not-ours");
        Files.createDirectories(strange);
        Garbage now = store.versions().collect(name, 0, Duration.ZERO, false);
        assertThat(now.folders()).isEmpty();
        assertThat(now.stagingTables()).isEmpty();

        Garbage garbage = tomorrow.versions().collect(name, 0, Duration.ZERO, false);
        assertThat(garbage.folders()).singleElement().satisfies(f -> {
            assertThat(f.location()).endsWith("v=" + dead.run());
            assertThat(f.reason()).isEqualTo("left by a run that did not publish");
        });
        assertThat(garbage.stagingTables()).containsExactly(dead.table());
        assertThat(folder(dead.run())).doesNotExist();
        assertThat(strange).exists();
        assertThat(session.query("SHOW TABLES IN granary_staging LIKE '"
                                + dead.table().table() + "'")
                        .rows())
                .isEmpty();
        assertThat(hits()).isEqualTo(1);
    }

    @Test
    void aTableWithoutPartitionsIsRolledBackAndCollectedToo() {
        TableName whole = new TableName("dws", name.table() + "_whole");
        store.ensure(new TableSchema(whole, List.of(new Column("hits", "bigint")), List.of(), ""));
        for (int version = 1; version <= 3; version++) {
            TableStore.Staging staging = store.stage(whole, run());
            session.execute("INSERT OVERWRITE TABLE " + staging.table() + " VALUES (" + version + ")");
            store.publish(staging, Set.of(), PROVENANCE);
        }
        store.versions().rollback(whole, PartitionSpec.of(), Optional.empty(), "ann");
        assertThat(session.query("SELECT hits FROM " + whole).single()).isEqualTo(2);
        assertThat(store.versions().verify(whole, Set.of(PartitionSpec.of()))).isEmpty();
        store.versions().collect(whole, 1, LONG, false);
        assertThat(tomorrow.versions().collect(whole, 1, LONG, false).folders()).hasSize(1);
        assertThat(session.query("SELECT hits FROM " + whole).single()).isEqualTo(2);
    }

    private RunId publish(int hits) {
        TableStore.Staging staging = stage(hits);
        store.publish(staging, Set.of(DAY), PROVENANCE);
        return staging.run();
    }

    private TableStore.Staging stage(int hits) {
        TableStore.Staging staging = store.stage(name, run());
        session.execute(
                "INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds='2026-11-01') VALUES (" + hits + ")");
        return staging;
    }

    private long hits() {
        return session.query("SELECT hits FROM " + name + " WHERE ds = '2026-11-01'")
                .single();
    }

    private String described() {
        return session.query("DESCRIBE FORMATTED " + name + " PARTITION (ds='2026-11-01')")
                .rows()
                .toString();
    }

    private Path folder(RunId run) {
        return Path.of(URI.create(warehouse.profile().fs() + "/granary/warehouse/dws/" + name.table() + "/v=" + run));
    }

    private String location(RunId run) {
        return "file:" + folder(run);
    }

    private static Path orc(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".orc"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static RunId run() {
        return RunId.next(Clock.systemUTC());
    }
}
