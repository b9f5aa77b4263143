package io.granary.ingestion.sync.orc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.jdbc.PostgresServer;
import io.granary.ingestion.sync.jdbc.WriteMode;
import io.granary.ingestion.sync.jdbc.ZeroDates;
import io.granary.ingestion.sync.job.WriterColumn;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.RowBatches;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.error.GranaryException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every type of a database there and back, value by value, on real servers. */
class TypeMatrixTest {
    /** One column: type in the database, literal, type in Hive, value in a batch. */
    private record Column(String type, String literal, String hiveType, Object expected) {}

    private static final List<Column> MARIADB = List.of(
            new Column("tinyint", "-128", "int", -128L),
            new Column("tinyint(1)", "2", "int", 2L),
            new Column("tinyint unsigned", "255", "int", 255L),
            new Column("smallint unsigned", "65535", "int", 65535L),
            new Column("mediumint", "-8388608", "int", -8388608L),
            new Column("int(5) unsigned zerofill", "7", "bigint", 7L),
            new Column("int unsigned", "4294967295", "bigint", 4294967295L),
            new Column("bigint", "-9223372036854775808", "bigint", Long.MIN_VALUE),
            new Column("bigint unsigned", "18446744073709551615", "decimal(20,0)", decimal("18446744073709551615")),
            new Column("year", "2026", "int", 2026L),
            new Column("bit(1)", "1", "boolean", 1L),
            new Column("bit(12)", "2049", "bigint", 2049L),
            new Column("bit(64)", "18446744073709551615", "decimal(20,0)", decimal("18446744073709551615")),
            new Column("decimal(12,2)", "-7364.70", "decimal(12,2)", decimal("-7364.7")),
            new Column("decimal(5,5)", "0.00001", "decimal(5,5)", decimal("0.00001")),
            new Column("decimal(18,0)", "-999999999999999999", "decimal(18,0)", decimal("-999999999999999999")),
            new Column("decimal(19,0)", "9999999999999999999", "decimal(19,0)", decimal("9999999999999999999")),
            new Column(
                    "decimal(38,10)",
                    "-9999999999999999999999999999.9999999999",
                    "decimal(38,10)",
                    decimal("-9999999999999999999999999999.9999999999")),
            new Column("double", "0.1", "double", 0.1),
            new Column("double", "-1.7976931348623157e308", "double", -Double.MAX_VALUE),
            new Column("float", "16777215", "float", 16777215.0),
            new Column("varchar(20)", "''", "string", ""),
            new Column("varchar(40)", "'名前 🙂 \\'x\\' \\\\n'", "string", "名前 🙂 'x' \\n"),
            new Column("varchar(20) character set latin1", "'café'", "string", "café"),
            new Column("char(5)", "'ab'", "string", "ab"),
            new Column("longtext", "repeat('x', 70000)", "string", "x".repeat(70000)),
            new Column("enum('a','b(1)')", "'b(1)'", "string", "b(1)"),
            new Column("set('a','b')", "'a,b'", "string", "a,b"),
            new Column("json", "'{\"a\": [1, null]}'", "string", "{\"a\": [1, null]}"),
            new Column("inet6", "'2001:db8::1'", "string", "2001:db8::1"),
            new Column(
                    "uuid", "'123e4567-e89b-12d3-a456-426655440000'", "string", "123e4567-e89b-12d3-a456-426655440000"),
            new Column("time(3)", "'-12:01:02.5'", "string", "-12:01:02.500"),
            new Column("date", "'2024-02-29'", "date", "2024-02-29"),
            new Column("date", "'0001-01-01'", "date", "0001-01-01"),
            new Column("datetime", "'2026-03-29 02:30:00'", "timestamp", "2026-03-29 02:30:00.000000"),
            new Column("datetime(6)", "'1969-12-31 23:59:58.999999'", "timestamp", "1969-12-31 23:59:58.999999"),
            new Column("datetime", "'1500-01-01 00:00:00'", "timestamp", "1500-01-01 00:00:00.000000"),
            new Column("timestamp(6)", "'2026-07-01 12:00:00.000001'", "timestamp", "2026-07-01 12:00:00.000001"),
            new Column("varbinary(4)", "x'00ff7f'", "binary", "00ff7f"),
            new Column("binary(4)", "x'00ff'", "binary", "00ff0000"),
            new Column("longblob", "repeat(x'ab', 3)", "binary", "ababab"));

    private static final List<Column> POSTGRESQL = List.of(
            new Column("smallint", "-32768", "int", -32768L),
            new Column("integer", "-2147483648", "int", -2147483648L),
            new Column("bigint", "-9223372036854775808", "bigint", Long.MIN_VALUE),
            new Column("oid", "4294967295", "bigint", 4294967295L),
            new Column("numeric(12,2)", "-7364.70", "decimal(12,2)", decimal("-7364.7")),
            new Column("numeric(3,5)", "0.00123", "decimal(5,5)", decimal("0.00123")),
            new Column("numeric(3,-2)", "12300", "decimal(5,0)", decimal("12300")),
            new Column("numeric", "12345678901234567890.5", "decimal(38,18)", decimal("12345678901234567890.5")),
            new Column(
                    "numeric(38,10)",
                    "-9999999999999999999999999999.9999999999",
                    "decimal(38,10)",
                    decimal("-9999999999999999999999999999.9999999999")),
            new Column("double precision", "0.1", "double", 0.1),
            new Column("double precision", "'-Infinity'", "double", Double.NEGATIVE_INFINITY),
            new Column("real", "16777215", "float", 16777215.0),
            new Column("boolean", "true", "boolean", 1L),
            new Column("boolean", "false", "boolean", 0L),
            new Column("text", "''", "string", ""),
            new Column("varchar(40)", "'名前 🙂 ''x'' \\n'", "string", "名前 🙂 'x' \\n"),
            new Column("char(5)", "'ab'", "string", "ab   "),
            new Column("mood", "'sad'", "string", "sad"),
            new Column("short_text", "'abc'", "string", "abc"),
            new Column("json", "'{\"a\" : [1, null]}'", "string", "{\"a\" : [1, null]}"),
            new Column("jsonb", "'{\"a\" : [1, null]}'", "string", "{\"a\": [1, null]}"),
            new Column(
                    "uuid", "'123e4567-e89b-12d3-a456-426655440000'", "string", "123e4567-e89b-12d3-a456-426655440000"),
            new Column("integer[]", "'{1,NULL,3}'", "string", "{1,NULL,3}"),
            new Column("text[]", "'{a,\"b c\"}'", "string", "{a,\"b c\"}"),
            new Column("interval", "'1 year 2 days 03:04:05.678'", "string", "P1Y2DT3H4M5.678S"),
            new Column("inet", "'10.0.0.1'", "string", "10.0.0.1"),
            new Column("cidr", "'10.0.0.0/8'", "string", "10.0.0.0/8"),
            new Column("bit(3)", "B'101'", "string", "101"),
            new Column("bit varying(5)", "B'01'", "string", "01"),
            new Column("int4range", "'[1,5)'", "string", "[1,5)"),
            new Column("point", "'(1,2)'", "string", "(1,2)"),
            new Column("time(3)", "'12:01:02.5'", "string", "12:01:02.5"),
            new Column("time with time zone", "'12:01:02+05:30'", "string", "12:01:02+05:30"),
            new Column("date", "'2024-02-29'", "date", "2024-02-29"),
            new Column("date", "'0001-01-01'", "date", "0001-01-01"),
            new Column("timestamp", "'2026-03-29 02:30:00'", "timestamp", "2026-03-29 02:30:00.000000"),
            new Column("timestamp(6)", "'1969-12-31 23:59:58.999999'", "timestamp", "1969-12-31 23:59:58.999999"),
            new Column("timestamp", "'1500-01-01 00:00:00'", "timestamp", "1500-01-01 00:00:00.000000"),
            new Column(
                    "timestamp with time zone",
                    "'2026-07-01 12:00:00.000001+08:00'",
                    "timestamp",
                    "2026-07-01 04:00:00.000001"),
            new Column("bytea", "'\\x00ff7f'", "binary", "00ff7f"));

    @TempDir
    static Path folder;

    private static Connection mariadb;
    private static Connection postgresql;

    @BeforeAll
    static void start() throws Exception {
        MariaDbServer.shared().database("matrix");
        PostgresServer.shared().database("matrix");
        mariadb = MariaDbServer.shared().connection("matrix");
        postgresql = PostgresServer.shared().connection("matrix");
    }

    @Test
    void mariadbThereAndBack() throws Exception {
        thereAndBack(mariadb, MARIADB);
    }

    @Test
    void postgresqlThereAndBack() throws Exception {
        try (Database database = Database.open(postgresql)) {
            database.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')");
            database.execute("CREATE DOMAIN short_text AS varchar(3) NOT NULL CHECK (value <> '')");
            database.execute("ALTER DOMAIN short_text DROP NOT NULL");
        }
        thereAndBack(postgresql, POSTGRESQL);
    }

    @Test
    void whatNoColumnCanHoldIsRefusedByNameOrMadeNullWhereTheRuleSaysSo() throws Exception {
        try (Database database = Database.open(mariadb)) {
            database.execute("SET sql_mode = ''");
            database.execute("CREATE TABLE zero (n INT PRIMARY KEY, d DATE, at DATETIME(3), api_token VARCHAR(9))");
            database.execute("INSERT INTO zero VALUES (7, '0000-00-00', '2026-00-00 12:00:00', 'tok')");
            assertThat(refusal(database, "zero", "date", "d", ZeroDates.FAIL))
                    .hasToString("DirtyRow[where=row 1 (n 7), column=d, values=n=7, d=0000-00-00,"
                            + " at=2026-00-00 12:00:00.000, api_token=***,"
                            + " reason='0000-00-00' cannot be kept as date: no calendar has this date]");
            assertThat(read(database, "zero", ZeroDates.NULL).get(0)).containsExactly(7L, null, null, "tok");
            database.execute("CREATE TABLE eve (n INT PRIMARY KEY, at DATETIME(3))");
            database.execute("INSERT INTO eve VALUES (1, '1969-12-31 23:59:59.500')");
            assertThat(refusal(database, "eve", "timestamp", "at", ZeroDates.NULL)
                            .reason())
                    .contains("second before 1970");
        }
        try (Database database = Database.open(postgresql)) {
            for (String value : List.of(
                    "timestamp 'infinity'",
                    "timestamp '0044-03-15 BC'",
                    "numeric 'NaN'",
                    "numeric '1e30'",
                    "0.0000000000000000001::numeric",
                    "date '12026-01-01'")) {
                database.execute("CREATE TABLE odd AS SELECT 1 AS n, " + value + " AS v");
                String type = database.columns("odd").get(1).hiveType();
                assertThat(refusal(database, "odd", type, "v", ZeroDates.NULL).reason())
                        .as(value)
                        .contains("cannot be kept as " + type);
                database.execute("DROP TABLE odd");
            }
        }
    }

    @Test
    void aTypeThatCannotBeKeptIsRefusedWithAdvice() throws Exception {
        try (Database database = Database.open(mariadb)) {
            database.execute("CREATE TABLE wide (d DECIMAL(65,30))");
            assertThatThrownBy(() -> database.columns("wide"))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("matrix.wide.d is decimal(65,30); Hive holds 38 digits")
                    .hasMessageContaining("view");
            database.execute("CREATE TABLE place (p POINT)");
            assertThatThrownBy(() -> database.columns("place")).hasMessageContaining("matrix.place.p has type 'point'");
        }
        try (Database database = Database.open(postgresql)) {
            database.execute("CREATE TABLE wide (d NUMERIC(60,30))");
            assertThatThrownBy(() -> database.columns("wide")).hasMessageContaining("wide.d is numeric(60,30)");
            database.execute("CREATE TABLE price (m MONEY)");
            assertThatThrownBy(() -> database.columns("price")).hasMessageContaining("price.m has type 'money'");
        }
    }

    private static void thereAndBack(Connection connection, List<Column> matrix) throws Exception {
        List<String> names = new ArrayList<>();
        StringBuilder ddl = new StringBuilder(" (n INT PRIMARY KEY");
        StringBuilder values = new StringBuilder("1");
        for (int i = 0; i < matrix.size(); i++) {
            names.add("c" + i);
            ddl.append(", c").append(i).append(' ').append(matrix.get(i).type()).append(" NULL");
            values.append(", ").append(matrix.get(i).literal());
        }
        try (Database database = Database.open(connection)) {
            database.execute("CREATE TABLE matrix" + ddl + ")");
            database.execute("INSERT INTO matrix VALUES (" + values + ")");
            database.execute("INSERT INTO matrix (n) VALUES (2)");
            List<DatabaseColumn> columns = database.columns("matrix");
            assertThat(columns.stream().skip(1).map(DatabaseColumn::hiveType))
                    .containsExactlyElementsOf(
                            matrix.stream().map(Column::hiveType).toList());
            assertThat(database.columnsOfQuery("SELECT * FROM matrix").stream().map(DatabaseColumn::hiveType))
                    .containsExactlyElementsOf(
                            columns.stream().map(DatabaseColumn::hiveType).toList());
            assertThat(database.primaryKey("matrix")).containsExactly("n");

            List<List<Object>> rows = read(database, "matrix", ZeroDates.FAIL);
            assertThat(rows).hasSize(2);
            for (int i = 0; i < matrix.size(); i++) {
                assertThat(rows.get(0).get(i + 1))
                        .as(matrix.get(i).toString())
                        .isEqualTo(matrix.get(i).expected());
                assertThat(rows.get(1).get(i + 1))
                        .as("NULL of " + matrix.get(i))
                        .isNull();
            }
            assertThat(throughAFile(database, "matrix")).isEqualTo(rows);
            RowSums sums = database.sums("matrix", columns, null);
            assertThat(sums).isEqualTo(sums(columns, rows));

            // into a table of the same types, and into one of the types that an export makes
            database.execute("CREATE TABLE again" + ddl + ")");
            database.execute("CREATE TABLE made ("
                    + columns.stream()
                            .map(c -> c.name() + " "
                                    + database.dialect().columnType(c.name(), c.hiveType(), c.key() > 0 ? 255 : 0))
                            .collect(Collectors.joining(", "))
                    + ")");
            for (String table : List.of("again", "made")) {
                copy(database, columns, "matrix", table);
                assertThat(read(database, table, ZeroDates.FAIL)).as(table).isEqualTo(rows);
                // with the types of the source: MariaDB makes a number of a boolean
                assertThat(database.sums(table, columns, null)).as(table).isEqualTo(sums);
            }
            assertThat(database.fingerprint("again", columns, null))
                    .isEqualTo(database.fingerprint("matrix", columns, null));
            database.execute("UPDATE again SET " + names.get(names.size() - 1) + " = NULL WHERE n = 1");
            assertThat(database.fingerprint("again", columns, null))
                    .isNotEqualTo(database.fingerprint("matrix", columns, null));
        }
    }

    private static List<List<Object>> read(Database database, String table, ZeroDates zeroDates) throws Exception {
        TypeDescription schema = schema(database.columns(table));
        VectorizedRowBatch batch = RowBatches.of(schema, 100);
        assertThat(fill(database, table, schema, batch, zeroDates)).isNull();
        List<List<Object>> rows = new ArrayList<>();
        for (int at = 0; at < batch.size; at++) {
            List<Object> row = new ArrayList<>();
            for (int c = 0; c < batch.cols.length; c++) {
                row.add(Fixture.value(batch.cols[c], schema.getChildren().get(c), at));
            }
            rows.add(row);
        }
        return rows;
    }

    /** The rows as an ORC file has them. */
    private static List<List<Object>> throughAFile(Database database, String table) throws Exception {
        TypeDescription schema = schema(database.columns(table));
        VectorizedRowBatch batch = RowBatches.of(schema, 100);
        assertThat(fill(database, table, schema, batch, ZeroDates.FAIL)).isNull();
        Path file = Files.createDirectory(
                        folder.resolve(database.dialect().type().toString()))
                .resolve("a.orc");
        OrcFile.WriterOptions options = OrcFile.writerOptions(Fixture.HADOOP)
                .setSchema(schema)
                .useUTCTimestamp(true)
                .setProlepticGregorian(true);
        try (Writer writer = OrcFile.createWriter(new org.apache.hadoop.fs.Path(file.toUri()), options)) {
            writer.addRowBatch(batch);
        }
        List<List<Object>> rows = new ArrayList<>();
        for (Map<String, Object> row : Fixture.rows(file.getParent())) {
            rows.add(new ArrayList<>(row.values()));
        }
        return rows;
    }

    private static DirtyRow refusal(Database database, String table, String type, String column, ZeroDates rule)
            throws Exception {
        TypeDescription schema = schema(database.columns(table));
        assertThat(schema.findSubtype(column).toString()).isEqualTo(type);
        VectorizedRowBatch batch = RowBatches.of(schema, 100);
        DirtyRow row = fill(database, table, schema, batch, rule);
        assertThat(batch.size).isZero();
        return row;
    }

    /** Reads rows to the first that is refused, whatever the zone of the process. */
    private static DirtyRow fill(
            Database database, String table, TypeDescription schema, VectorizedRowBatch batch, ZeroDates zeroDates)
            throws SQLException {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
        database.jdbc().setAutoCommit(false);
        try (Statement statement = database.streaming();
                ResultSet result =
                        statement.executeQuery(database.select(table, database.columns(table), null) + " ORDER BY 1")) {
            RowToOrc copy = new RowToOrc(database.dialect(), result.getMetaData(), schema, zeroDates, "n");
            long number = 0;
            while (result.next()) {
                DirtyRow refused = copy.copy(result, batch, ++number);
                if (refused != null) {
                    return refused;
                }
                batch.size++;
            }
            return null;
        } finally {
            TimeZone.setDefault(before);
            database.jdbc().commit();
            database.jdbc().setAutoCommit(true);
        }
    }

    private static void copy(Database database, List<DatabaseColumn> columns, String from, String to) throws Exception {
        TypeDescription schema = schema(columns);
        VectorizedRowBatch batch = RowBatches.of(schema, 100);
        assertThat(fill(database, from, schema, batch, ZeroDates.FAIL)).isNull();
        OrcToRow row = new OrcToRow(database.dialect(), schema);
        List<String> names = columns.stream().map(DatabaseColumn::name).toList();
        try (PreparedStatement insert = database.jdbc()
                .prepareStatement(database.dialect().insert(to, names, WriteMode.INSERT, List.of("n")))) {
            for (int at = 0; at < batch.size; at++) {
                row.bind(batch, at, insert);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static TypeDescription schema(List<DatabaseColumn> columns) {
        return OrcTypes.schema(columns.stream()
                .map(c -> new WriterColumn(c.hiveName(), c.hiveType()))
                .toList());
    }

    /** Sums of what was read. */
    private static RowSums sums(List<DatabaseColumn> columns, List<List<Object>> rows) {
        List<RowSums.ColumnSum> sums = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            DatabaseColumn column = columns.get(i);
            Object value = rows.get(0).get(i);
            BigDecimal sum = switch (column.hiveType().replaceAll("\\(.*", "")) {
                case "int", "bigint" -> BigDecimal.valueOf((Long) value);
                case "decimal" -> (BigDecimal) value;
                case "string" -> BigDecimal.valueOf(((String) value).getBytes(StandardCharsets.UTF_8).length);
                case "binary" -> BigDecimal.valueOf(((String) value).length() / 2);
                default -> null;
            };
            boolean key = i == 0;
            sums.add(new RowSums.ColumnSum(column.name(), key ? 2 : 1, key ? BigDecimal.valueOf(3) : sum));
        }
        return new RowSums(2, sums);
    }

    private static BigDecimal decimal(String digits) {
        return new BigDecimal(digits);
    }
}
