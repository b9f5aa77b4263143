package io.granary.ingestion.sync.orc;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.jdbc.PostgresServer;
import io.granary.ingestion.sync.jdbc.WriteMode;
import io.granary.ingestion.sync.jdbc.ZeroDates;
import io.granary.ingestion.sync.row.RowBatches;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.config.Connection;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        thereAndBack(mariadb, TypeCase.MARIADB);
    }

    @Test
    void postgresqlThereAndBack() throws Exception {
        try (Database database = Database.open(postgresql)) {
            database.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')");
            database.execute("CREATE DOMAIN short_text AS varchar(3) NOT NULL CHECK (value <> '')");
            database.execute("ALTER DOMAIN short_text DROP NOT NULL");
        }
        thereAndBack(postgresql, TypeCase.POSTGRESQL);
    }

    private static void thereAndBack(Connection connection, List<TypeCase> matrix) throws Exception {
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
                            matrix.stream().map(TypeCase::hiveType).toList());
            assertThat(database.columnsOfQuery("SELECT * FROM matrix").stream().map(DatabaseColumn::hiveType))
                    .containsExactlyElementsOf(
                            columns.stream().map(DatabaseColumn::hiveType).toList());
            assertThat(database.primaryKey("matrix")).containsExactly("n");

            List<List<Object>> rows = TableRows.read(database, "matrix", ZeroDates.FAIL);
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
                assertThat(TableRows.read(database, table, ZeroDates.FAIL))
                        .as(table)
                        .isEqualTo(rows);
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

    /** The rows as an ORC file has them. */
    private static List<List<Object>> throughAFile(Database database, String table) throws Exception {
        TypeDescription schema = TableRows.schema(database.columns(table));
        VectorizedRowBatch batch = RowBatches.of(schema, 100);
        assertThat(TableRows.fill(database, table, schema, batch, ZeroDates.FAIL))
                .isNull();
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

    private static void copy(Database database, List<DatabaseColumn> columns, String from, String to) throws Exception {
        TypeDescription schema = TableRows.schema(columns);
        VectorizedRowBatch batch = RowBatches.of(schema, 100);
        assertThat(TableRows.fill(database, from, schema, batch, ZeroDates.FAIL))
                .isNull();
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
}
