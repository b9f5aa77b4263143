package io.granary.ingestion.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.ErrorLimit;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows into tables of a real MariaDB: all of them, those that fit, or none. */
class JdbcWriterTest {
    private static final String[] COLUMNS = {"n", "name", "password"};

    @TempDir
    static Path folder;

    private static MariaDbServer server;
    private static Profile profile;
    private static Jobs jobs;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.shared();
        profile = Fixture.profile(folder, server);
        jobs = new Jobs(profile);
        execute(
                "CREATE OR REPLACE TABLE source (n INT PRIMARY KEY, name VARCHAR(100), password VARCHAR(20))",
                "INSERT INTO source SELECT seq, concat('name ', seq), 'hunter2' FROM seq_1_to_5000",
                "UPDATE source SET name = repeat('x', 30) WHERE n IN (1, 2500)",
                "UPDATE source SET name = NULL WHERE n = 4999");
    }

    @BeforeEach
    void emptyTarget() throws Exception {
        execute(
                "CREATE OR REPLACE TABLE target (n INT PRIMARY KEY, name VARCHAR(20) NOT NULL, password VARCHAR(20),"
                        + " CHECK (n <> 3000))",
                "INSERT INTO target VALUES (77, 'old', '')");
    }

    private DataxJob job(int channels, ErrorLimit limit) {
        return Jobs.of(
                channels,
                limit,
                jobs.from("source", channels == 1 ? 1 : 4, COLUMNS),
                jobs.into("target", COLUMNS)
                        .around(List.of("DELETE FROM @table"), List.of("DELETE FROM @table WHERE n = 5000")));
    }

    @Test
    void rowsAtFaultAreFoundAndNoneElseIsLostOrDoubled() throws Exception {
        Path dirty = folder.resolve("dirty/four.jsonl");
        JobReport report = new NativeEngine(profile, Fixture.HADOOP, dirty, Progress.NONE)
                .run(job(1, ErrorLimit.of(4)), PartLog.NONE);
        assertThat(report.rows()).isEqualTo(4996);
        assertThat(report.dirty()).isEqualTo(4);
        assertThat(numbers("SELECT count(*), sum(n) FROM target"))
                .containsExactly(4995L, 12_502_500L - 1 - 2500 - 3000 - 4999 - 5000);
        List<String> lines = Files.readAllLines(dirty);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).contains("row 1 for table target", "Data too long for column 'name'", "n=1, name=xxx");
        assertThat(lines.get(2)).contains("n=3000", "CONSTRAINT");
        assertThat(String.join("", lines)).contains("password=***").doesNotContain("hunter2");
    }

    @Test
    void oneRowTooManyAndTheTableIsAsItWas() throws Exception {
        assertThatThrownBy(() -> new NativeEngine(profile, Fixture.HADOOP).run(job(1, ErrorLimit.of(3)), PartLog.NONE))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("row 4999 for table target")
                .hasMessageContaining("4 rows left out, errorLimit.record is 3");
        assertThat(numbers("SELECT count(*), sum(n) FROM target")).containsExactly(1L, 77L);
    }

    @Test
    void aShareOfRowsMayBeLeftOut() throws Exception {
        assertThat(new NativeEngine(profile, Fixture.HADOOP)
                        .run(job(1, new ErrorLimit(null, 0.001)), PartLog.NONE)
                        .dirty())
                .isEqualTo(4);
        emptyTarget();
        assertThatThrownBy(() -> new NativeEngine(profile, Fixture.HADOOP)
                        .run(job(1, new ErrorLimit(null, 0.0005)), PartLog.NONE))
                .hasMessageContaining("4 of 5000 rows cannot be kept, errorLimit.percentage is 5.0E-4");
        assertThat(numbers("SELECT count(*) FROM target")).containsExactly(1L);
    }

    @Test
    void severalChannelsWriteEachRowOnce() throws Exception {
        JobReport report = new NativeEngine(profile, Fixture.HADOOP).run(job(2, ErrorLimit.of(4)), PartLog.NONE);
        assertThat(report.parts()).hasSizeGreaterThan(2);
        assertThat(numbers("SELECT count(*), sum(n) FROM target"))
                .containsExactly(4995L, 12_502_500L - 1 - 2500 - 3000 - 4999 - 5000);
    }

    @Test
    void aRowOfTheSameKeyIsChangedOrRefused() throws Exception {
        DataxJob update = Jobs.of(
                1,
                ErrorLimit.of(3),
                jobs.from("source", 1, "n", "'new'", "password"),
                jobs.into("target", COLUMNS).withWriteMode("update"));
        JobReport report = new NativeEngine(profile, Fixture.HADOOP).run(update, PartLog.NONE);
        assertThat(report.dirty()).isEqualTo(1);
        assertThat(numbers("SELECT count(*) FROM target WHERE name = 'new'")).containsExactly(4999L);
        DataxJob insert =
                Jobs.of(1, null, jobs.from("source", 1, "n", "'new'", "password"), jobs.into("target", COLUMNS));
        assertThatThrownBy(() -> new NativeEngine(profile, Fixture.HADOOP).run(insert, PartLog.NONE))
                .hasMessageContaining("Duplicate entry '1'");
    }

    private static List<Long> numbers(String sql) throws SQLException {
        try (Connection connection = server.connect("shop");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getMetaData().getColumnCount() == 1
                    ? List.of(rows.getLong(1))
                    : List.of(rows.getLong(1), rows.getLong(2));
        }
    }

    private static void execute(String... statements) throws SQLException {
        server.execute("shop", statements);
    }
}
