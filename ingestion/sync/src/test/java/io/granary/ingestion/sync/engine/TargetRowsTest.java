package io.granary.ingestion.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.jdbc.PostgresServer;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrived in a table is added up by the table's own database before it is committed. */
class TargetRowsTest {
    private static final String[] COLUMNS = {"n", "amount", "name"};

    @TempDir
    static Path folder;

    private static Profile profile;
    private static Jobs jobs;

    @BeforeAll
    static void start() throws Exception {
        MariaDbServer.shared().database("written");
        PostgresServer.shared().database("written");
        Fixture.profile(folder, MariaDbServer.shared());
        Path file = Files.writeString(folder.resolve("written.yaml"), """
                name: local
                fs: file:///
                connections:
                  shop: {type: mariadb, host: 127.0.0.1, port: %1$d, database: shop, user: granary, password: "${file:secrets/mariadb}"}
                  mariadb: {type: mariadb, host: 127.0.0.1, port: %1$d, database: written, user: granary, password: "${file:secrets/mariadb}"}
                  postgresql: {type: postgresql, host: 127.0.0.1, port: %2$d, database: written, user: granary, password: "${file:secrets/mariadb}"}
                """.formatted(
                        MariaDbServer.shared().port(), PostgresServer.shared().port()));
        profile = Profile.load(file, Map.of());
        jobs = new Jobs(profile);
        MariaDbServer.shared()
                .execute(
                        "shop",
                        "CREATE OR REPLACE TABLE given (n INT PRIMARY KEY, amount DECIMAL(12,3), name VARCHAR(100))",
                        "INSERT INTO given SELECT seq, seq + 0.005, if(seq % 2, NULL, concat('é ', seq)) FROM seq_1_to_200");
    }

    private static void execute(String database, String... statements) throws Exception {
        try (java.sql.Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static java.sql.Connection connect(String database) throws Exception {
        return database.equals("mariadb")
                ? MariaDbServer.shared().connect("written")
                : PostgresServer.shared().connect("written");
    }

    private static List<Long> numbers(String database, String sql) throws Exception {
        try (java.sql.Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return List.of(rows.getLong(1), rows.getLong(2));
        }
    }

    private static RdbmsWriter into(String database, String table, String... columns) {
        Connection to = profile.connection(database);
        return RdbmsWriter.of(
                RdbmsKind.of(to.type().toString()),
                to.user(),
                PasswordReference.to(to),
                PasswordReference.jobUrl(to),
                table,
                List.of(columns));
    }

    private static JobReport run(int channels, RdbmsWriter to, String... columns) {
        return new NativeEngine(profile, Fixture.HADOOP)
                .run(Jobs.of(channels, null, jobs.from("given", channels == 1 ? 1 : 4, columns), to), PartLog.NONE);
    }

    @ParameterizedTest
    @CsvSource({"mariadb,1", "mariadb,2", "postgresql,1", "postgresql,2"})
    void aTriggerThatChangesAValueFailsTheJob(String database, int channels) throws Exception {
        String table = "triggered_" + channels;
        execute(database, "CREATE TABLE " + table + " (n INT PRIMARY KEY, amount DECIMAL(12,3), name VARCHAR(100))");
        if (database.equals("mariadb")) {
            execute(
                    database,
                    "CREATE TRIGGER more_" + channels + " BEFORE INSERT ON " + table
                            + " FOR EACH ROW SET NEW.amount = if(NEW.n = 7, 8, NEW.amount)");
        } else {
            execute(
                    database,
                    "CREATE OR REPLACE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN IF NEW.n = 7 THEN NEW.amount = 8; END IF; RETURN NEW; END'",
                    "CREATE TRIGGER more BEFORE INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION more()");
        }
        RdbmsWriter to = into(database, table, COLUMNS).around(List.of("DELETE FROM @table"), List.of());
        assertThatThrownBy(() -> run(channels, to, COLUMNS))
                .hasMessageContaining(
                        "table " + table + ": the sum of column amount: 20101 as it was read, 20101.995 in the table");
        assertThat(numbers(database, "SELECT count(*), 0 FROM " + table)).containsExactly(0L, 0L);
        execute(database, "DROP TRIGGER more" + (database.equals("mariadb") ? "_" + channels : " ON " + table));
        assertThat(run(channels, to, COLUMNS).rows()).isEqualTo(200);
        assertThat(run(channels, to, COLUMNS).rows()).as("again").isEqualTo(200);
        assertThat(numbers(database, "SELECT count(*), sum(n) FROM " + table)).containsExactly(200L, 20_100L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql"})
    void aColumnOfFewerDigitsRoundsInSilenceAndFailsTheJob(String database) throws Exception {
        execute(database, "CREATE TABLE narrow (n INT PRIMARY KEY, amount DECIMAL(12,2), name VARCHAR(100))");
        assertThatThrownBy(() -> run(1, into(database, "narrow", COLUMNS), COLUMNS))
                .hasMessageContaining(
                        "table narrow: the sum of column amount: 20101 as it was read, 20102 in the table");
        assertThat(numbers(database, "SELECT count(*), 0 FROM narrow")).containsExactly(0L, 0L);
    }

    /** In a table with other rows the job's own cannot be told, unless it says by what. */
    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql"})
    void amongOtherRowsAConditionTellsThoseOfTheJob(String database) throws Exception {
        execute(
                database,
                "CREATE TABLE shared (n INT PRIMARY KEY, amount DECIMAL(12,2), name VARCHAR(100))",
                "INSERT INTO shared VALUES (-1, 1, 'other')");
        RdbmsWriter to = into(database, "shared", COLUMNS).around(List.of("DELETE FROM @table WHERE n > 0"), List.of());
        assertThat(run(1, to, COLUMNS).rows()).isEqualTo(200);
        assertThat(numbers(database, "SELECT count(*), 0 FROM shared")).containsExactly(201L, 0L);
        assertThatThrownBy(() -> run(1, to.withRowsWhere("n > 0"), COLUMNS)).hasMessageContaining("20102 in the table");
        assertThatThrownBy(() -> run(1, to.withRowsWhere("n < 0"), COLUMNS))
                .hasMessageContaining("rowsWhere is \"n < 0\", but table shared has such rows before the job's first");
        assertThat(numbers(database, "SELECT count(*), sum(n) FROM shared")).containsExactly(201L, 20_099L);
    }

    /** Types that show a value in their own way, and columns that make one of NULL, are no difference. */
    @Test
    void whatADatabaseWritesInItsOwnWayIsNoDifference() throws Exception {
        String[] columns = {
            "CAST(NULL AS CHAR)",
            "concat(n, ' ')",
            "'[1, 2]'",
            "'550E8400-E29B-41D4-A716-446655440000'",
            "x'01'",
            "n % 2 = 1",
            "n"
        };
        execute(
                "mariadb",
                "CREATE TABLE own_way (id INT AUTO_INCREMENT PRIMARY KEY, a CHAR(9), b JSON, c UUID, d BINARY(4), e BIT(1), f VARCHAR(9))");
        execute("postgresql", "CREATE TABLE own_way (a CHAR(9), b JSONB, c UUID, d BYTEA, f VARCHAR(9) NOT NULL)");
        assertThat(run(1, into("mariadb", "own_way", "id", "a", "b", "c", "d", "e", "f"), columns)
                        .rows())
                .isEqualTo(200);
        assertThat(run(
                                2,
                                into("postgresql", "own_way", "a", "b", "c", "d", "f"),
                                columns[1],
                                columns[2],
                                columns[3],
                                columns[4],
                                columns[6])
                        .rows())
                .isEqualTo(200);
    }
}
