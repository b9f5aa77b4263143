package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.tablestore.testing.LocalMetastore.Fault;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HiveTableStoreTest {
    private static final AtomicInteger TABLES = new AtomicInteger();
    private static final Provenance PROVENANCE = new Provenance(
            "model.t", "77aa", List.of(new Provenance.Input("ods.x", List.of("20261121T195900Z-aa01bc"))));
    private static final String ALTER = "alter_partitions_with_environment_context";

    private final LocalWarehouse warehouse = LocalWarehouse.shared();
    private final TableName name = new TableName("dwd", "dwd_test_" + TABLES.incrementAndGet());
    private HiveJdbcSession session;
    private HiveJdbcSession reader;
    private HiveTableStore store;

    @BeforeEach
    void open() {
        session = HiveJdbcSession.open(warehouse.profile());
        reader = HiveJdbcSession.open(warehouse.profile());
        store = HiveTableStore.open(warehouse.profile(), session);
    }

    @AfterEach
    void close() {
        store.close();
        session.close();
        reader.close();
    }

    @Test
    void aTableIsExternalOrcWithItsComments() {
        ensure();
        ensure();
        assertThat(store.schema(name)).hasValue(schema());
        List<List<Object>> described =
                reader.query("DESCRIBE FORMATTED " + name).rows();
        assertThat(described.toString())
                .contains("EXTERNAL")
                .contains("orc")
                .contains("Site's \\ name")
                .contains("/granary/warehouse/dwd/" + name.table());
        assertThat(store.partitions(name)).isEmpty();
        assertThat(store.partitions(new TableName("dwd", "nowhere"))).isEmpty();
        assertThat(store.schema(new TableName("nowhere", "t"))).isEmpty();
    }

    @Test
    void aTableWithOtherColumnsIsRefusedWithTheDifference() {
        ensure();
        TableSchema other = new TableSchema(
                name, List.of(new Column("hits", "int"), new Column("region", "string")), partitionColumns(), "");
        assertThatThrownBy(() -> store.ensure(other))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("column hits is bigint in the table, int in the definition")
                .hasMessageContaining("column region string is not in the table")
                .hasMessageContaining("column site string is in the table only");
    }

    @Test
    void aTableThatGranaryDidNotMakeIsRefused() {
        session.execute("CREATE DATABASE IF NOT EXISTS dwd");
        session.execute(
                "CREATE TABLE " + name + " (site STRING, hits BIGINT) PARTITIONED BY (ds STRING) STORED AS ORC");
        assertThatThrownBy(this::ensure).hasMessageContaining("was not made by Granary: it is MANAGED_TABLE");
    }

    @Test
    void aVersionIsSeenByOtherSessionsWhenItIsPublishedAndNotBefore() throws Exception {
        ensure();
        TableStore.Staging staging = store.stage(name, run());
        insert(staging, "2026-11-01", "('a', 1), ('b', 2)");
        assertThat(total()).isEqualTo(List.of(0L, 0L));

        List<PartitionSpec> published = store.publish(staging, days("2026-11-01"), PROVENANCE);

        assertThat(published).containsExactly(day("2026-11-01"));
        assertThat(total()).isEqualTo(List.of(2L, 3L));
        assertThat(store.partitions(name)).singleElement().satisfies(p -> {
            assertThat(p.run()).isEqualTo(staging.run());
            assertThat(p.location()).endsWith("/v=" + staging.run() + "/ds=2026-11-01");
        });
        assertThat(stagingTables()).isEmpty();
        JsonNode file = provenance(staging);
        JsonNode example = new ObjectMapper().readTree(contract("provenance"));
        assertThat(file.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(example::fieldNames);
        assertThat(file.get("run_id").asText()).isEqualTo(staging.run().value());
        assertThat(file.get("table").asText()).isEqualTo(name.toString());
        assertThat(file.get("inputs"))
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        "[{\"table\": \"ods.x\", \"versions\": [\"20261121T195900Z-aa01bc\"], \"partitions\": {}}]"));
        assertThat(file.get("partitions")).hasToString("[\"ds=2026-11-01\"]");
        assertThat(file.get("written_at").asText()).endsWith("Z");
    }

    @Test
    void aNewVersionTakesThePlaceOfTheOldOneAndLeavesOtherDays() {
        ensure();
        publish("2026-11-01", "('a', 1)");
        publish("2026-11-02", "('a', 10)");
        assertThat(total()).isEqualTo(List.of(2L, 11L));
        publish("2026-11-01", "('a', 5), ('b', 5)");
        assertThat(total()).isEqualTo(List.of(3L, 20L));
        List<List<Object>> described = reader.query("DESCRIBE FORMATTED " + name + " PARTITION (ds='2026-11-01')")
                .rows();
        assertThat(described.toString()).contains("granary.producer=model.t").doesNotContain("numRows");
    }

    @Test
    void severalPartitionsArePublishedTogether() {
        ensure();
        publish("2026-11-02", "('old', 100)");
        TableStore.Staging staging = store.stage(name, run());
        session.execute(
                "INSERT OVERWRITE TABLE " + staging.table()
                        + " PARTITION (ds) SELECT * FROM VALUES ('a', 1, '2026-11-01'), ('b', 2, '2026-11-02'), ('c', 3, 'x y:%')");
        List<PartitionSpec> published = store.publish(staging, Set.of(), PROVENANCE);
        assertThat(published).containsExactly(day("2026-11-01"), day("2026-11-02"), day("x y:%"));
        assertThat(total()).isEqualTo(List.of(3L, 6L));
        assertThat(store.partitions(name))
                .extracting(TableStore.PublishedPartition::spec)
                .contains(day("x y:%"));
    }

    @Test
    void aRunThatWroteOutsideItsIntervalPublishesNothing() {
        ensure();
        publish("2026-11-01", "('a', 1)");
        TableStore.Staging staging = store.stage(name, run());
        insert(staging, "2026-11-01", "('a', 100)");
        insert(staging, "2026-11-02", "('a', 100)");
        assertThatThrownBy(() -> store.publish(staging, days("2026-11-01"), PROVENANCE))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("wrote partition ds=2026-11-02")
                .hasMessageContaining("Nothing was published");
        assertThat(total()).isEqualTo(List.of(1L, 1L));
        store.discard(staging);
        assertThat(Path.of(URI.create(staging.location()))).doesNotExist();
        assertThat(stagingTables()).isEmpty();
        assertThat(store.partitions(name)).hasSize(1);
    }

    @Test
    void aDayWithoutRowsIsPublishedEmpty() {
        ensure();
        publish("2026-11-01", "('a', 1)");
        TableStore.Staging nothing = store.stage(name, run());
        store.publish(nothing, days("2026-11-01"), PROVENANCE);
        assertThat(total()).isEqualTo(List.of(0L, 0L));
        assertThat(store.partitions(name))
                .singleElement()
                .satisfies(p -> assertThat(p.run()).isEqualTo(nothing.run()));

        TableStore.Staging noRows = store.stage(name, run());
        session.execute(
                "INSERT OVERWRITE TABLE " + noRows.table() + " PARTITION (ds='2026-11-01') SELECT 'a', 1L WHERE false");
        store.publish(noRows, days("2026-11-01"), PROVENANCE);
        assertThat(total()).isEqualTo(List.of(0L, 0L));
    }

    @Test
    void filesPutUnderTheLocationByOthersArePublishedToo() throws Exception {
        ensure();
        TableStore.Staging first = store.stage(name, run());
        insert(first, "2026-11-01", "('a', 7)");
        store.publish(first, days("2026-11-01"), PROVENANCE);

        TableStore.Staging second = store.stage(name, run());
        Path folder = Path.of(URI.create(second.location())).resolve("ds=2026-11-05");
        Files.createDirectories(folder);
        try (var list = Files.list(Path.of(URI.create(first.location())).resolve("ds=2026-11-01"))) {
            Path orc = list.filter(f -> !f.getFileName().toString().matches("[._].*"))
                    .findFirst()
                    .orElseThrow();
            Files.copy(orc, folder.resolve("written-by-hand.orc"));
        }
        store.publish(second, Set.of(), PROVENANCE);
        assertThat(total()).isEqualTo(List.of(2L, 14L));
    }

    @Test
    void dataThatNoReaderWouldFindIsRefused() throws Exception {
        ensure();
        TableStore.Staging staging = store.stage(name, run());
        Path version = Path.of(URI.create(staging.location()));
        Files.createDirectories(version.resolve("ds=2026-11-01"));
        assertThatThrownBy(() -> store.publish(staging, Set.of(), PROVENANCE)).hasMessageContaining("without a file");
        Files.writeString(version.resolve("stray.orc"), "x");
        assertThatThrownBy(() -> store.publish(staging, Set.of(), PROVENANCE))
                .hasMessageContaining("is no folder ds=…");
        Files.delete(version.resolve("stray.orc"));
        Files.createDirectories(version.resolve("ds=2026-11-01/deeper"));
        assertThatThrownBy(() -> store.publish(staging, Set.of(), PROVENANCE))
                .hasMessageContaining("below a partition");
        store.discard(staging);

        TableStore.Staging noDay = store.stage(name, run());
        session.execute("INSERT OVERWRITE TABLE " + noDay.table() + " PARTITION (ds) SELECT 'a', 1L, NULL");
        assertThatThrownBy(() -> store.publish(noDay, Set.of(), PROVENANCE))
                .hasMessageContaining("rows with no value for partition column ds");
        assertThat(store.partitions(name)).isEmpty();
    }

    @Test
    void aRunThatDiedIsDoneAgainUnderItsOwnIdButAPublishedVersionIsNeverTouched() {
        ensure();
        RunId run = run();
        TableStore.Staging died = store.stage(name, run);
        insert(died, "2026-11-09", "('half', 1)");
        TableStore.Staging again = store.stage(name, run);
        insert(again, "2026-11-01", "('a', 1)");
        assertThat(store.publish(again, Set.of(), PROVENANCE)).containsExactly(day("2026-11-01"));

        assertThatThrownBy(() -> store.stage(name, run))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("is published");
        assertThatThrownBy(() -> store.discard(again)).hasMessageContaining("is published");
        assertThat(total()).isEqualTo(List.of(1L, 1L));
    }

    @Test
    void whenTheMetastoreFailsNothingIsPublished() {
        ensure();
        publish("2026-11-01", "('a', 1)");
        TableStore.Staging staging = store.stage(name, run());
        insert(staging, "2026-11-01", "('a', 100)");
        insert(staging, "2026-11-02", "('a', 100)");
        warehouse.metastore().fail(ALTER, Fault.BEFORE);
        assertThatThrownBy(() -> store.publish(staging, Set.of(), PROVENANCE))
                .hasMessageContaining("Nothing of " + name + " was published")
                .satisfies(e -> assertThat(((GranaryException) e).code()).isEqualTo(ErrorCode.EXTERNAL));
        assertThat(total()).isEqualTo(List.of(1L, 1L));
        assertThat(store.partitions(name)).hasSize(1);

        assertThat(store.publish(staging, Set.of(), PROVENANCE)).hasSize(2);
        assertThat(total()).isEqualTo(List.of(2L, 200L));
    }

    @Test
    void whenOnlyTheAnswerIsLostThePublishIsReadBack() {
        ensure();
        TableStore.Staging staging = store.stage(name, run());
        insert(staging, "2026-11-01", "('a', 1)");
        warehouse.metastore().fail(ALTER, Fault.AFTER);
        assertThat(store.publish(staging, Set.of(), PROVENANCE)).hasSize(1);
        assertThat(total()).isEqualTo(List.of(1L, 1L));
    }

    @Test
    void aReaderSeesWholeVersionsOnly() throws Exception {
        ensure();
        publishDays(1);
        List<String> mixed = new ArrayList<>();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        Thread loop = new Thread(() -> {
            while (!done.get()) {
                List<Object> row = reader.query("SELECT min(hits), max(hits), count(*) FROM " + name)
                        .rows()
                        .get(0);
                if (!row.get(0).equals(row.get(1)) || !row.get(2).equals(3L)) {
                    mixed.add(row.toString());
                }
                reads.incrementAndGet();
            }
        });
        loop.start();
        for (int version = 2; version <= 5; version++) {
            publishDays(version);
        }
        done.set(true);
        loop.join();
        assertThat(mixed).isEmpty();
        assertThat(reads.get()).isGreaterThan(2);
    }

    private void publishDays(int version) {
        TableStore.Staging staging = store.stage(name, run());
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds) SELECT /*+ COALESCE(1) */ 'a', "
                + version + ", d FROM VALUES ('2026-11-01'), ('2026-11-02'), ('2026-11-03') AS t(d)");
        store.publish(staging, days("2026-11-01", "2026-11-02", "2026-11-03"), PROVENANCE);
    }

    private void publish(String ds, String rows) {
        TableStore.Staging staging = store.stage(name, run());
        insert(staging, ds, rows);
        store.publish(staging, days(ds), PROVENANCE);
    }

    private void insert(TableStore.Staging staging, String ds, String rows) {
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds='" + ds
                + "') SELECT * FROM VALUES " + rows);
    }

    private void ensure() {
        store.ensure(schema());
    }

    private TableSchema schema() {
        return new TableSchema(
                name,
                List.of(new Column("site", "string", "Site's \\ name"), new Column("hits", "bigint", "Hits")),
                partitionColumns(),
                "Hits of a site's pages");
    }

    private static List<Column> partitionColumns() {
        return List.of(new Column("ds", "string", "Day"));
    }

    /** Rows and sum of hits, as another session sees them. */
    private List<Object> total() {
        return reader.query("SELECT count(*), coalesce(sum(hits), 0) FROM " + name)
                .rows()
                .get(0);
    }

    private List<List<Object>> stagingTables() {
        return reader.query("SHOW TABLES IN granary_staging LIKE 'dwd__" + name.table() + "__*'")
                .rows();
    }

    private static JsonNode provenance(TableStore.Staging staging) throws Exception {
        return new ObjectMapper()
                .readTree(Path.of(URI.create(staging.location()))
                        .resolve("_granary.json")
                        .toFile());
    }

    private static String contract(String block) throws Exception {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/contracts.md"))) {
            folder = folder.getParent();
        }
        String text = Files.readString(folder.resolve("docs/contracts.md"));
        int start = text.indexOf("\n", text.indexOf("contract:" + block + "\n"));
        return text.substring(start, text.indexOf("```", start));
    }

    private static RunId run() {
        return RunId.next(Clock.systemUTC());
    }

    private static PartitionSpec day(String ds) {
        return PartitionSpec.of("ds", ds);
    }

    private static Set<PartitionSpec> days(String... ds) {
        return java.util.Arrays.stream(ds).map(HiveTableStoreTest::day).collect(java.util.stream.Collectors.toSet());
    }
}
