package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.ingestion.sync.engine.FolderTables;
import io.granary.ingestion.sync.export.ExportCommand;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The verbs sync and export between a real MariaDB and tables in a folder. */
class CommandsTest {
    private static final String DS = "2026-11-01";

    @TempDir
    static Path home;

    private static MariaDbServer server;
    private static FolderTables tables;

    private record Ended(int code, String err) {}

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.start(home);
        Fixture.profile(home, server);
        tables = new FolderTables(home.resolve("warehouse"));
        manifest(List.of("order", "matrix", "gone", "zero", "hits")).write(home.resolve("target/manifest.json"));
        server.execute(
                "shop",
                "CREATE TABLE orders (order_id BIGINT PRIMARY KEY, amount DECIMAL(12,2), paid_at DATETIME)",
                "INSERT INTO orders VALUES (1, 10.10, NULL), (2, 20.20, '2026-11-01 10:00:00')");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void syncLandsATableAndSaysSo() throws Exception {
        Ended ended = sync("trade.order", "--ds", DS);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.err())
                .contains("[1/1] sync trade.order ds=2026-11-01 ... OK", "2 rows -> ods.ods_trade_order_df");
        JsonNode result = runResults().path("results").path(0);
        assertThat(result.path("unique_id").asText()).isEqualTo("source.trade.order");
        assertThat(result.path("status").asText()).isEqualTo("success");
        assertThat(result.path("rows_affected").asInt()).isEqualTo(2);
        assertThat(result.path("partitions").path(0).asText()).isEqualTo("ds=2026-11-01");
        assertThat(runResults().path("args").path("which").asText()).isEqualTo("sync");
    }

    @Test
    void noFileOfTheHomeHoldsThePassword() throws Exception {
        sync("trade.order", "--ds", DS);
        String job = Files.readString(home.resolve("target/jobs/sync.trade.order.2026-11-01.json"));
        assertThat(job).contains("${connection:shop}").doesNotContain("granary-secret");
        DataxJob read = DataxJson.read(job, "job");
        assertThat(DataxJson.write(read)).isEqualTo(job);
        try (Stream<Path> files = Files.walk(home.resolve("target"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain("granary-secret");
            }
        }
    }

    @Test
    void aFailedSyncLeavesWhatWasThereAndNoFiles() throws Exception {
        server.execute(
                "shop",
                "SET sql_mode = ''",
                "CREATE TABLE zero (n INT PRIMARY KEY, at DATETIME)",
                "INSERT INTO zero VALUES (1, '2026-11-01 00:00:00')");
        assertThat(sync("trade.zero", "--ds", DS).code()).isZero();
        server.execute("shop", "SET sql_mode = ''", "INSERT INTO zero VALUES (2, '0000-00-00 00:00:00')");
        Ended failed = sync("trade.zero", "trade.order", "--ds", DS);
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("ERROR", "row 2 (n 2), column at", "trade.order ds=2026-11-01 ... OK");
        assertThat(tables.versions("ods.ods_trade_zero_df")).isEqualTo(1);
        assertThat(Fixture.rows(Path.of(java.net.URI.create(
                        tables.partitions(io.granary.tablestore.TableName.parse("ods.ods_trade_zero_df"))
                                .get(0)
                                .location()))))
                .hasSize(1);
        assertThat(runResults().path("results").path(0).path("status").asText()).isEqualTo("error");
    }

    @Test
    void aTableThatIsNotThereIsNamedWithThoseThatAre() throws Exception {
        Ended ended = sync("trade.gone", "--ds", DS);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("has no table 'gone'", "orders");
    }

    @Test
    void wrongUsageIsRefused() throws Exception {
        assertThat(sync("--ds", DS).err()).contains("--select subject:trade");
        assertThat(sync("trade.ordr", "--ds", DS).err()).contains("Did you mean 'trade.order'?");
        assertThat(sync("trade.order", "--ds", "2026-13-01").code()).isEqualTo(2);
        assertThat(export("trade.order", "--ds", DS).err()).contains("no export");
    }

    @Test
    void exportOfADayThatIsNotBuiltSaysWhatToBuild() throws Exception {
        sync("trade.order", "--ds", DS);
        Ended ended = export("trade.order_export", "--ds", "2020-01-01");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains(
                        "has no partition ds=2020-01-01", "granary build --select ods_trade_order_df --ds 2020-01-01");
    }

    @Test
    void everyValueComesBackTheSame() throws Exception {
        List<String> types = List.of(
                "tinyint(1)",
                "int unsigned",
                "bigint",
                "bigint unsigned",
                "decimal(38,10)",
                "double",
                "float",
                "varchar(40)",
                "date",
                "datetime(6)",
                "varbinary(9)");
        List<String> values = List.of(
                "(1, 2, 4294967295, -9223372036854775808, 18446744073709551615,"
                        + " -9999999999999999999999999999.9999999999, 0.1, 1.5, '名前 🙂 \\\\ ''', '2024-02-29',"
                        + " '2026-03-29 02:30:00.123456', x'00ff27')",
                "(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
                "(3, 0, 0, 0, 0, 0, 1.7976931348623157e308, -0.25, '', '1500-01-01', '1000-01-01 00:00:00', x'')");
        StringBuilder ddl = new StringBuilder("CREATE TABLE matrix (n INT PRIMARY KEY");
        for (int i = 0; i < types.size(); i++) {
            ddl.append(", c").append(i).append(' ').append(types.get(i)).append(" NULL");
        }
        server.execute("shop", ddl + ")", "INSERT INTO matrix VALUES " + String.join(", ", values));
        assertThat(sync("trade.matrix", "--ds", DS).err()).contains("3 rows");
        Ended ended = export("trade.matrix_export", "--ds", DS);
        assertThat(ended.code()).as(ended.err()).isZero();
        for (int i = 0; i < types.size(); i++) {
            assertThat(number("SELECT count(*) FROM shop.matrix a JOIN share.matrix_export b ON a.n = b.n"
                            + " WHERE BINARY a.c" + i + " <=> BINARY b.c" + i + " OR a.c" + i + " = b.c" + i
                            + " AND '" + types.get(i) + "' NOT LIKE 'varchar%'"))
                    .as(types.get(i))
                    .isEqualTo(3);
        }
        assertThat(number("SELECT count(*) FROM share.matrix_export WHERE ds = '" + DS + "'"))
                .isEqualTo(3);
    }

    @Test
    void readersOfAnExportSeeTheOldDayOrTheNewOne() throws Exception {
        server.execute("shop", "CREATE TABLE hits (site VARCHAR(20) PRIMARY KEY, hits BIGINT)");
        server.execute("shop", "INSERT INTO hits SELECT concat('s', seq), 1 FROM seq_1_to_3000");
        sync("trade.hits", "--ds", DS);
        assertThat(export("trade.hits_export", "--ds", DS).code()).isZero();
        sync("trade.hits", "--ds", "2026-11-02");
        assertThat(export("trade.hits_export", "--ds", "2026-11-02").code()).isZero();
        server.execute("shop", "DELETE FROM hits WHERE site > 's2'", "UPDATE hits SET hits = 2");
        long left = number("SELECT count(*) FROM shop.hits");
        sync("trade.hits", "--ds", DS);

        List<String> seen = new ArrayList<>();
        AtomicBoolean stop = new AtomicBoolean();
        Thread reader = new Thread(() -> {
            while (!stop.get()) {
                seen.add(
                        text("SELECT concat(count(*), '/', sum(hits)) FROM share.hits_export WHERE ds = '" + DS + "'"));
            }
        });
        reader.start();
        Ended ended = export("trade.hits_export", "--ds", DS);
        stop.set(true);
        reader.join();
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(seen).isNotEmpty().isSubsetOf("3000/3000", left + "/" + 2 * left);
        assertThat(text("SELECT concat(count(*), '/', sum(hits)) FROM share.hits_export WHERE ds = '" + DS + "'"))
                .isEqualTo(left + "/" + 2 * left);
        assertThat(number("SELECT count(*) FROM share.hits_export WHERE ds = '2026-11-02'"))
                .isEqualTo(3000);
    }

    @Test
    void aTargetOfOtherColumnsIsRefusedAndKept() throws Exception {
        sync("trade.order", "--ds", DS);
        server.execute(
                "share",
                "CREATE TABLE order_export (order_id BIGINT, amount DECIMAL(10,1), ds VARCHAR(10), extra INT)");
        Ended ended = export("trade.order_export", "--ds", DS);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains(
                        "amount is decimal(10,1) in the database, decimal(12,2) in the warehouse",
                        "extra is in the database only",
                        "paid_at timestamp is not in the database");
        server.execute("share", "DROP TABLE order_export");
        assertThat(export("trade.order_export", "--ds", DS).code()).isZero();
        assertThat(export("trade.order_export", "--ds", DS).code()).isZero();
        assertThat(number("SELECT count(*) FROM share.order_export")).isEqualTo(2);
    }

    private static Ended sync(String... args) {
        return run(new SyncCommand(profile -> tables), args);
    }

    private static Ended export(String... args) {
        return run(new ExportCommand(profile -> tables), args);
    }

    private static Ended run(Object command, String... args) {
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(command).setErr(new PrintWriter(err));
        line.setExecutionExceptionHandler((e, cmd, parsed) -> {
            cmd.getErr().println(e.getMessage());
            return e instanceof io.granary.warehouse.error.GranaryException known
                    ? known.code().exitCode()
                    : 2;
        });
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--home", home.toString()));
        int code = line.execute(all.toArray(String[]::new));
        return new Ended(code, err.toString());
    }

    private static JsonNode runResults() throws Exception {
        return new ObjectMapper()
                .readTree(home.resolve("target/run-results.json").toFile());
    }

    private static Manifest manifest(List<String> names) {
        List<SourceNode> sources = new ArrayList<>();
        List<ExportNode> exports = new ArrayList<>();
        for (String name : names) {
            String table = "ods.ods_trade_" + name + "_df";
            String sourceTable = name.equals("order") ? "orders" : name;
            String key = name.equals("zero") ? "n" : null;
            sources.add(SourceNode.of("jdbc", "trade", name)
                    .daily()
                    .table(table)
                    .connection("shop")
                    .sourceTable(sourceTable)
                    .mode("full")
                    .splitKey(key)
                    .node());
            String first = name.equals("order") ? "order_id" : name.equals("hits") ? "site" : "n";
            exports.add(new ExportNode(
                    "export.trade." + name + "_export",
                    "trade",
                    name + "_export",
                    "d",
                    table,
                    "share",
                    name + "_export",
                    List.of("ds", first)));
        }
        return Manifest.of("test").sources(sources).exports(exports).manifest();
    }

    private static long number(String sql) {
        return Long.parseLong(text(sql));
    }

    private static String text(String sql) {
        try (Connection connection = server.connect("share");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
