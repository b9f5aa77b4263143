package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.export.ExportCommand;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.SubmittedVerbs.Submission;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * From MariaDB into Hive tables and back by the verbs themselves, over a real metastore and Thrift Server. Spark runs in a
 * JVM whose zone is UTC, as all of Granary's are, and shows what the database shows.
 */
class WarehouseRoundTripTest {
    private static final String DS = "2026-11-01";

    @TempDir
    Path home;

    private final StringWriter err = new StringWriter();

    @Test
    void whatTheDatabaseShowsTheWarehouseShows() throws Exception {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        LocalWarehouse warehouse = LocalWarehouse.shared();
        try (MariaDbServer server = MariaDbServer.start(home);
                SqlSession sql = HiveJdbcSession.open(warehouse.profile())) {
            profile(warehouse, server);
            manifest().write(home.resolve("target/manifest.json"));
            try (Connection connection = server.connect("shop");
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t (n INT, a DATETIME(6), b DATE, c DECIMAL(12,2), d VARCHAR(9),"
                        + " e BIGINT UNSIGNED)");
                statement.execute("INSERT INTO t VALUES"
                        + " (1, '2026-03-08 02:30:00.123456', '0001-01-01', 7364.70, '', 18446744073709551615),"
                        + " (2, '1500-02-28 00:00:00', '2024-02-29', NULL, NULL, NULL),"
                        + " (3, '1969-12-31 23:59:58.5', '1999-12-31', 0.01, 'x', 0)");
            }
            run(new SyncCommand(), "trade.t");
            // as `granary submit` runs it: by the spark engine, in an application that its sessions start
            Submission given = new Submission(HiveJdbcSession::open, Optional::empty, Map::of);
            run(new SubmittedJobs().verbs().get("sync").apply(given), "trade.t");
            assertThat(engine(warehouse, sql)).isEqualTo("spark");
            assertThat(sql.query("SELECT CAST(a AS STRING), CAST(b AS STRING), CAST(c AS STRING), d, CAST(e AS STRING)"
                                    + " FROM ods.ods_trade_t_df WHERE ds = '2026-11-01' ORDER BY n")
                            .rows())
                    .containsExactly(
                            List.of("2026-03-08 02:30:00.123456", "0001-01-01", "7364.70", "", "18446744073709551615"),
                            Arrays.asList("1500-02-28 00:00:00", "2024-02-29", null, null, null),
                            List.of("1969-12-31 23:59:58.5", "1999-12-31", "0.01", "x", "0"));

            sparkWrites(warehouse, sql);
            run(new ExportCommand(), "trade.t_export");
            try (Connection connection = server.connect("share");
                    Statement statement = connection.createStatement();
                    ResultSet same = statement.executeQuery("SELECT count(*) FROM share.t_export x JOIN shop.t y"
                            + " ON x.n = y.n AND x.a <=> y.a AND x.b <=> y.b AND x.c <=> y.c AND x.e <=> y.e"
                            + " AND BINARY x.d <=> BINARY y.d AND x.ds = '2026-11-01'")) {
                same.next();
                assertThat(same.getLong(1)).isEqualTo(3);
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private static String engine(LocalWarehouse warehouse, SqlSession sql) {
        try (TableStore store = HiveTableStore.open(warehouse.profile(), sql)) {
            return store.partitions(TableName.parse("ods.ods_trade_t_df")).stream()
                    .flatMap(day -> store.provenance(day).flatMap(SyncRecord::of).stream())
                    .map(SyncRecord::engine)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A table made by Spark, as a model's is: what it wrote goes back to the database unchanged. */
    private static void sparkWrites(LocalWarehouse warehouse, SqlSession sql) {
        try (TableStore store = HiveTableStore.open(warehouse.profile(), sql)) {
            TableSchema landed =
                    store.schema(TableName.parse("ods.ods_trade_t_df")).orElseThrow();
            TableName name = TableName.parse("ads.ads_t");
            store.ensure(new TableSchema(name, landed.columns(), landed.partitionColumns(), "d"));
            TableStore.Staging staging = store.stage(name, RunId.next(Clock.systemUTC()));
            sql.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds)"
                    + " SELECT n, a, b, c, d, e, ds FROM ods.ods_trade_t_df WHERE ds = '" + DS + "'");
            store.publish(staging, Set.of(PartitionSpec.of("ds", DS)), new Provenance("model.ads_t", "h", List.of()));
        }
    }

    private void run(Object command, String name) {
        CommandLine line = new CommandLine(command).setErr(new PrintWriter(err));
        int code = line.execute(name, "--ds", DS, "--home", home.toString());
        assertThat(code).as(err.toString()).isZero();
    }

    private void profile(LocalWarehouse warehouse, MariaDbServer server) throws Exception {
        Fixture.profile(home, server);
        Path file = home.resolve("profile.yaml");
        String databases = Files.readString(file);
        Files.writeString(
                file, Files.readString(warehouse.profileFile()) + databases.substring(databases.indexOf("share:")));
    }

    private static Manifest manifest() {
        SourceNode source = SourceNode.of("jdbc", "trade", "t")
                .daily()
                .table("ods.ods_trade_t_df")
                .connection("shop")
                .sourceTable("t")
                .mode("full")
                .splitKey("n")
                .node();
        ExportNode export = new ExportNode(
                "export.trade.t_export",
                "trade",
                "t_export",
                "d",
                "ads.ads_t",
                "share",
                "t_export",
                List.of("ds", "n"));
        return Manifest.of("test")
                .sources(List.of(source))
                .exports(List.of(export))
                .manifest();
    }
}
