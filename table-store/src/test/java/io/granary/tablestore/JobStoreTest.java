package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a job that lands rows from elsewhere needs of the store. */
class JobStoreTest {
    private final LocalWarehouse warehouse = LocalWarehouse.shared();
    private HiveJdbcSession session;
    private HiveTableStore store;

    @BeforeEach
    void open() {
        session = HiveJdbcSession.open(warehouse.profile());
        store = HiveTableStore.open(warehouse.profile(), session);
    }

    @AfterEach
    void close() {
        store.close();
        session.close();
    }

    @Test
    void widenedColumnsShowOldDaysAndNewOnes() {
        TableName name = new TableName("ods", "ods_widened_df");
        store.ensure(new TableSchema(
                name,
                List.of(new Column("n", "int"), new Column("price", "decimal(10,2)")),
                List.of(new Column("ds", "string")),
                ""));
        publish(name, "2026-11-01", "1, 12345678.90");
        store.widen(name, List.of(new Column("n", "bigint"), new Column("PRICE", "decimal(20,4)")));
        publish(name, "2026-11-02", "5000000000, 9876543210123456.7891");

        for (String byItself : List.of("true", "false")) {
            session.execute("SET spark.sql.hive.convertMetastoreOrc=" + byItself);
            assertThat(session.query("SELECT n, CAST(price AS STRING) FROM " + name + " ORDER BY ds")
                            .rows())
                    .as("read by Spark itself: " + byItself)
                    .containsExactly(List.of(1L, "12345678.9000"), List.of(5_000_000_000L, "9876543210123456.7891"));
        }
        assertThatThrownBy(() -> store.widen(name, List.of(new Column("m", "bigint"))))
                .hasMessageContaining("has no column m");
    }

    @Test
    void whatTheProducerSaysOfAVersionIsKept() {
        TableName name = new TableName("ods", "ods_said_df");
        store.ensure(new TableSchema(name, List.of(new Column("n", "int")), List.of(new Column("ds", "string")), ""));
        publish(name, "2026-11-01", "1");
        assertThat(store.provenance(store.partitions(name).get(0)).orElseThrow().details())
                .isEqualTo(Map.of("engine", "native", "columns", List.of(Map.of("name", "n"))));
    }

    @Test
    void whoComesSecondIsRefusedAtOnceAndToldByWhom() {
        TableName job = new TableName("ods", "granary_sync__job");
        try (TableStore.Hold first = store.holdAlone(job, "the first job")) {
            first.confirm();
            long start = System.nanoTime();
            assertThatThrownBy(() -> store.holdAlone(job, "the second job"))
                    .isInstanceOfSatisfying(
                            GranaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
                    .hasMessageContaining("the first job");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
        }
        store.holdAlone(job, "the third job").close();
    }

    @Test
    void whatAJobStagedGoesWhenNobodyCameBackForADay() throws Exception {
        Path root = new Path(warehouse.profile().fs() + "/");
        Path staging = new Path(root, "granary/staging/sync/test.abandoned/2026-11-01");
        try (FileSystem files = HadoopSettings.fileSystem(warehouse.profile())) {
            files.create(new Path(staging, "data/part-00000.orc")).close();
            assertThat(store.abandonedStaging().collect(Duration.ZERO, false)).isEmpty();
            AbandonedStaging tomorrow =
                    new AbandonedStaging(files, root, Clock.offset(Clock.systemUTC(), Duration.ofHours(25)));
            assertThat(tomorrow.collect(Duration.ZERO, true))
                    .singleElement()
                    .satisfies(folder -> assertThat(folder.location()).endsWith("test.abandoned/2026-11-01"));
            assertThat(files.exists(staging)).isTrue();
            tomorrow.collect(Duration.ZERO, false);
            assertThat(files.exists(staging)).isFalse();
        }
    }

    private void publish(TableName name, String ds, String row) {
        TableStore.Staging staging = store.stage(name, RunId.next(Clock.systemUTC()));
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds='" + ds
                + "') SELECT * FROM VALUES (" + row + ")");
        store.publish(
                staging,
                Set.of(PartitionSpec.of("ds", ds)),
                new Provenance("source.t", "h", List.of())
                        .withDetails(Map.of("engine", "native", "columns", List.of(Map.of("name", "n")))));
    }
}
