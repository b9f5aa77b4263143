package io.granary.ingestion.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every type there and back, value by value, on a real MariaDB. */
class DatabaseToOrcTest {
    /** One column a line: type in the database, literal, type in Hive, value in ORC. */
    private static final List<Column> MATRIX = List.of(
            new Column("tinyint", "-128", "int", -128L),
            new Column("tinyint(1)", "2", "int", 2L),
            new Column("tinyint unsigned", "255", "int", 255L),
            new Column("smallint unsigned", "65535", "int", 65535L),
            new Column("mediumint", "-8388608", "int", -8388608L),
            new Column("int", "-2147483648", "int", -2147483648L),
            new Column("int unsigned", "4294967295", "bigint", 4294967295L),
            new Column("bigint", "-9223372036854775808", "bigint", Long.MIN_VALUE),
            new Column(
                    "bigint unsigned", "18446744073709551615", "decimal(20,0)", new BigDecimal("18446744073709551615")),
            new Column("year", "2026", "int", 2026L),
            new Column("decimal(12,2)", "7364.70", "decimal(12,2)", new BigDecimal("7364.7")),
            new Column(
                    "decimal(38,10)",
                    "-9999999999999999999999999999.9999999999",
                    "decimal(38,10)",
                    new BigDecimal("-9999999999999999999999999999.9999999999")),
            new Column("double", "0.1", "double", 0.1),
            new Column("double", "1.7976931348623157e308", "double", Double.MAX_VALUE),
            new Column("float", "1.5", "float", 1.5),
            new Column("varchar(20)", "''", "string", ""),
            new Column("varchar(20)", "'名前 🙂 \\'x\\''", "string", "名前 🙂 'x'"),
            new Column("varchar(20) character set latin1", "'café'", "string", "café"),
            new Column("char(5)", "'ab'", "string", "ab"),
            new Column("longtext", "repeat('x', 70000)", "string", "x".repeat(70000)),
            new Column("enum('a','b')", "'b'", "string", "b"),
            new Column(
                    "uuid", "'123e4567-e89b-12d3-a456-426655440000'", "string", "123e4567-e89b-12d3-a456-426655440000"),
            new Column("time(3)", "'-12:01:02.5'", "string", "-12:01:02.500"),
            new Column("date", "'2024-02-29'", "date", "2024-02-29"),
            new Column("date", "'0001-01-01'", "date", "0001-01-01"),
            new Column("datetime", "'2026-03-29 02:30:00'", "timestamp", "2026-03-29 02:30:00.000000"),
            new Column("datetime(6)", "'1969-12-31 23:59:58.999999'", "timestamp", "1969-12-31 23:59:58.999999"),
            new Column("datetime", "'1500-01-01 00:00:00'", "timestamp", "1500-01-01 00:00:00.000000"),
            new Column("timestamp", "'2026-07-01 12:00:00'", "timestamp", "2026-07-01 12:00:00.000000"),
            new Column("varbinary(4)", "x'00ff7f'", "binary", "00ff7f"),
            new Column("bit(1)", "1", "boolean", 1L),
            new Column("bit(12)", "2049", "bigint", 2049L),
            new Column("bit(64)", "18446744073709551615", "decimal(20,0)", new BigDecimal("18446744073709551615")));

    private record Column(String type, String literal, String hiveType, Object expected) {}

    @TempDir
    static Path folder;

    private static MariaDbServer server;
    private static Profile profile;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.start(folder);
        profile = Fixture.profile(folder, server);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void everyTypeIsKeptToTheLastDigitWhateverTheZoneOfTheProcess() throws Exception {
        StringBuilder ddl = new StringBuilder("CREATE TABLE matrix (n INT PRIMARY KEY");
        StringBuilder values = new StringBuilder("(1");
        for (int i = 0; i < MATRIX.size(); i++) {
            ddl.append(", c").append(i).append(' ').append(MATRIX.get(i).type()).append(" NULL");
            values.append(", ").append(MATRIX.get(i).literal());
        }
        execute(ddl + ")", "SET time_zone = '+00:00'", "INSERT INTO matrix VALUES " + values + ")");
        execute("INSERT INTO matrix (n) VALUES (2)");

        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
        List<Map<String, Object>> rows;
        try {
            rows = sync("matrix", "n");
        } finally {
            TimeZone.setDefault(before);
        }

        assertThat(rows).hasSize(2);
        for (int i = 0; i < MATRIX.size(); i++) {
            assertThat(rows.get(0).get("c" + i))
                    .as(MATRIX.get(i).toString())
                    .isEqualTo(MATRIX.get(i).expected());
            assertThat(rows.get(1)).as("NULL of " + MATRIX.get(i)).containsEntry("c" + i, null);
        }
        try (Database database = Database.open(profile.connection("shop"))) {
            assertThat(database.columns("matrix").stream().skip(1).map(DatabaseColumn::hiveType))
                    .containsExactlyElementsOf(
                            MATRIX.stream().map(Column::hiveType).toList());
        }
    }

    @Test
    void aTableOfManyBatchesArrivesWhole() throws Exception {
        execute(
                "CREATE TABLE many (n BIGINT PRIMARY KEY, t VARCHAR(20))",
                "INSERT INTO many SELECT seq, if(seq % 3 = 0, NULL, concat('t', seq)) FROM seq_1_to_5000");
        List<Map<String, Object>> rows = sync("many", "n");
        assertThat(rows).hasSize(5000);
        assertThat(rows.stream().mapToLong(r -> (Long) r.get("n")).sum()).isEqualTo(12_502_500);
        assertThat(rows.stream().filter(r -> r.get("t") == null)).hasSize(1666);
    }

    @Test
    void anEmptyTableIsAFileOfNoRows() throws Exception {
        execute("CREATE TABLE nothing (n BIGINT PRIMARY KEY)");
        assertThat(sync("nothing", null)).isEmpty();
    }

    @Test
    void aZeroDateIsRefusedWithRowAndColumn() throws Exception {
        execute(
                "SET sql_mode = ''",
                "CREATE TABLE zero (order_id INT PRIMARY KEY, paid_at DATETIME)",
                "INSERT INTO zero VALUES (7, '2026-01-01 00:00:00'), (8, '0000-00-00 00:00:00')");
        assertThatThrownBy(() -> sync("zero", "order_id"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("row 2 (order_id 8), column paid_at: '0000-00-00 00:00:00'");
    }

    @Test
    void theOneSecondThatOrcCannotKeepIsRefused() throws Exception {
        execute(
                "CREATE TABLE eve (n INT PRIMARY KEY, at DATETIME(3))",
                "INSERT INTO eve VALUES (1, '1969-12-31 23:59:59.000'), (2, '1969-12-31 23:59:59.500')");
        assertThatThrownBy(() -> sync("eve", null)).hasMessageContaining("row 2, column at");
    }

    @Test
    void aColumnThatCannotBeKeptExactlyIsRefusedByName() throws Exception {
        execute("CREATE TABLE wide (d DECIMAL(65,30))", "CREATE TABLE flags (f POINT)");
        try (Database database = Database.open(profile.connection("shop"))) {
            assertThatThrownBy(() -> database.columns("wide")).hasMessageContaining("shop.wide.d is decimal(65,30)");
            assertThatThrownBy(() -> database.columns("flags")).hasMessageContaining("shop.flags.f has type 'point'");
        }
    }

    @Test
    void aWrongPasswordIsNotShown() throws Exception {
        Files.writeString(folder.resolve("wrong"), "not-the-secret");
        Path file = Files.writeString(
                folder.resolve("wrong.yaml"),
                Files.readString(folder.resolve("profile.yaml")).replace("secrets/mariadb", "wrong"));
        Profile wrong = Profile.load(file, Map.of());
        assertThatThrownBy(() -> Database.open(wrong.connection("shop")))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("cannot open connection shop (granary@127.0.0.1:")
                .hasMessageNotContaining("not-the-secret");
    }

    @Test
    void aPasswordGoesOnlyToTheServerOfItsConnection() throws Exception {
        execute("CREATE TABLE secretly (n INT PRIMARY KEY)");
        DataxJob job = Fixture.sync(profile, "secretly", null, folder.resolve("out-secretly"));
        DataxJob elsewhere = DataxJson.read(DataxJson.write(job).replace("127.0.0.1", "evil.example"), "job");
        assertThatThrownBy(() -> new NativeEngine(profile, Fixture.HADOOP).run(elsewhere, PartLog.NONE))
                .hasMessageContaining("evil.example");
    }

    private static List<Map<String, Object>> sync(String table, String key) throws Exception {
        Path out = folder.resolve("out-" + table);
        DataxJob job = Fixture.sync(profile, table, key, out);
        long rows =
                new NativeEngine(profile, Fixture.HADOOP).run(job, PartLog.NONE).rows();
        List<Map<String, Object>> read = Fixture.rows(out);
        assertThat(read).hasSize((int) rows);
        return read;
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = server.connect("shop");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
