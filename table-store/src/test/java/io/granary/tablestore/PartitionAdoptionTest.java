package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.tablestore.testing.LocalWarehouse;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionAdoptionTest {
    private static final AtomicInteger TABLES = new AtomicInteger();
    private static final String ALTER = "alter_partitions_with_environment_context";
    private static final PartitionSpec DAY = PartitionSpec.of("ds", "2026-11-01");
    private static final PartitionSpec NEXT = PartitionSpec.of("ds", "2026-11-02");

    private final LocalWarehouse warehouse = LocalWarehouse.shared();
    private final TableName to = new TableName("dws", "dws_adopted_" + TABLES.incrementAndGet());
    private final TableName from = new TableName("dev__dws", to.table());
    private HiveJdbcSession session;
    private HiveTableStore store;

    @BeforeEach
    void open() {
        session = HiveJdbcSession.open(warehouse.profile());
        store = HiveTableStore.open(warehouse.profile(), session);
        for (TableName table : List.of(from, to)) {
            store.ensure(new TableSchema(
                    table, List.of(new Column("hits", "bigint")), List.of(new Column("ds", "string")), ""));
        }
    }

    @AfterEach
    void close() {
        store.close();
        session.close();
    }

    private RunId publish(TableName table, PartitionSpec day, int hits) {
        TableStore.Staging staging = store.stage(table, RunId.next(Clock.systemUTC()), Set.of(day));
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds = '"
                + day.values().get(0) + "') VALUES (" + hits + ")");
        Provenance.Input input = Provenance.Input.of("dev__dwd.x", Map.of("", "20261121T195900Z-aa01bc"));
        store.publish(staging, Set.of(day), new Provenance("model.t", "77aa", List.of(input)).withRows(1));
        return staging.run();
    }

    private Map<PartitionSpec, String> seen() {
        return store.partitions(to).stream()
                .collect(Collectors.toMap(PublishedPartition::spec, PublishedPartition::location));
    }

    private void adopt(Map<PartitionSpec, RunId> partitions, Map<PartitionSpec, String> seen) {
        store.adoption()
                .adopt(
                        from,
                        to,
                        partitions,
                        seen,
                        made -> new Provenance("model.t", made.sqlHash(), List.of()).withSql("SELECT 1"));
    }

    private List<Object> hits() {
        return session.query("SELECT hits FROM " + to + " ORDER BY ds").rows().stream()
                .map(row -> row.get(0))
                .toList();
    }

    @Test
    void severalRunsArePublishedByOneCallAndSayOfThemselvesWhatTheyAre() {
        RunId before = publish(to, DAY, 1);
        RunId one = publish(from, DAY, 10);
        RunId two = publish(from, NEXT, 20);
        Map<PartitionSpec, String> seen = seen();
        warehouse.metastore().calls();
        adopt(Map.of(DAY, one, NEXT, two), seen);
        assertThat(warehouse.metastore().calls().stream().filter(ALTER::equals)).hasSize(1);

        assertThat(hits()).containsExactly(10L, 20L);
        PublishedPartition day = store.partitions(to, List.of(DAY)).get(0);
        assertThat(day.run()).isEqualTo(one);
        assertThat(store.provenance(day).orElseThrow().inputs()).isEmpty();
        assertThat(store.provenance(day).orElseThrow().sql()).isEqualTo("SELECT 1");
        assertThat(store.versions().history(to, DAY)).containsExactly(one, before);
        assertThat(store.versions().verify(to, Set.of(DAY, NEXT))).isEmpty();
        assertThat(session.query("DESCRIBE FORMATTED " + to + " PARTITION (ds='2026-11-02')")
                        .rows()
                        .toString())
                .contains("granary.run_id=" + two);

        store.adoption().forget(from, Map.of(DAY, one));
        assertThat(store.partitions(from)).extracting(PublishedPartition::spec).containsExactly(NEXT);
        store.adoption().forget(from, Map.of(NEXT, two));
        assertThat(store.schema(from)).isEmpty();
        assertThat(hits()).containsExactly(10L, 20L);
    }

    /** Between the renames and the call that publishes a version is nobody's, but not for a collection. */
    @Test
    void aCollectionLeavesWhatADeadAdoptionHadMoved() {
        publish(to, DAY, 1);
        RunId one = publish(from, DAY, 10);
        Map<PartitionSpec, String> seen = seen();
        warehouse.metastore().fail(ALTER, io.granary.tablestore.testing.LocalMetastore.Fault.BEFORE);
        assertThatThrownBy(() -> adopt(Map.of(DAY, one), seen)).hasMessageContaining("Nothing of " + to);
        assertThat(hits()).containsExactly(1L);
        Clock nextDay = Clock.fixed(Instant.now().plus(Duration.ofHours(30)), ZoneOffset.UTC);
        try (HiveTableStore later = HiveTableStore.open(
                warehouse.profile(),
                session,
                LockTerms.DEFAULT,
                HadoopSettings.fileSystem(warehouse.profile()),
                nextDay)) {
            assertThat(later.versions()
                            .collect(to, 1, Duration.ofHours(24), false)
                            .folders())
                    .isEmpty();
        }
        adopt(Map.of(DAY, one), seen);
        assertThat(hits()).containsExactly(10L);
    }

    @Test
    void nothingIsMovedOverWhatSomebodyElsePublishedAndNothingIsLost() throws Exception {
        publish(to, DAY, 1);
        RunId one = publish(from, DAY, 10);
        Map<PartitionSpec, String> seen = seen();
        publish(to, DAY, 2);
        assertThatThrownBy(() -> adopt(Map.of(DAY, one), seen))
                .hasMessageContaining("has moved while taking over from " + from);
        assertThat(session.query("SELECT hits FROM " + from).single()).isEqualTo(10);

        Path folder = Path.of(URI.create(store.partitions(from).get(0).location()));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertThatThrownBy(() -> adopt(Map.of(DAY, one), seen()))
                .hasMessageContaining("is missing")
                .hasMessageContaining("Nothing was published");
        assertThat(hits()).containsExactly(2L);
        assertThat(Optional.of(store.partitions(to).get(0).run())).isNotEqualTo(Optional.of(one));
    }
}
