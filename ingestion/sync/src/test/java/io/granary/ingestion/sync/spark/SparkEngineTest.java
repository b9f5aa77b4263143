package io.granary.ingestion.sync.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.job.ReaderColumn;
import io.granary.ingestion.sync.job.Speed;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same job by Spark tasks and in this process, on a real MariaDB. */
class SparkEngineTest {
    @TempDir
    static Path folder;

    private static MariaDbServer server;
    private static Profile profile;
    private static SparkSession spark;
    private static SparkEngine engine;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.start(folder);
        profile = Fixture.profile(folder, server);
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate();
        engine = new SparkEngine(spark, source(folder), Fixture.HADOOP);
        execute(
                "CREATE TABLE sale (id BIGINT UNSIGNED PRIMARY KEY, amount DECIMAL(38,10), at DATETIME(6), day DATE,"
                        + " flag BIT(1), photo VARBINARY(8), name VARCHAR(20))",
                "INSERT INTO sale SELECT seq, seq / 7, '2026-03-29 02:30:00.123456' + INTERVAL seq MINUTE,"
                        + " '0001-01-01' + INTERVAL seq DAY, seq % 2, x'00ff', if(seq % 3 = 0, NULL, concat('名', seq))"
                        + " FROM seq_1_to_3000",
                "INSERT INTO sale VALUES (18446744073709551615, -9999999999999999999999999999.9999999999, NULL, NULL,"
                        + " NULL, NULL, '')",
                "CREATE TABLE sale_out LIKE sale");
    }

    /** Not a lambda of the test: what it would hold cannot be sent. */
    private static ProfileSource source(Path folder) {
        String file = folder.resolve("profile.yaml").toString();
        return () -> Profile.load(Path.of(file), Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        spark.stop();
        server.close();
    }

    @Test
    void theRowsAreThoseOfTheNativeEngineWhateverTheZoneOfTheProcess() throws Exception {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
        JobReport report;
        try {
            report = engine.run(job("sale", "by-spark"), PartLog.NONE);
        } finally {
            TimeZone.setDefault(before);
        }
        JobReport native_ = new NativeEngine(profile, Fixture.HADOOP).run(job("sale", "by-native"), PartLog.NONE);
        assertThat(report.rows()).isEqualTo(native_.rows()).isEqualTo(3001);
        assertThat(report.parts()).hasSizeGreaterThan(1);
        assertThat(Fixture.rows(folder.resolve("by-spark")))
                .containsExactlyInAnyOrderElementsOf(Fixture.rows(folder.resolve("by-native")));
    }

    @Test
    void rowsGoIntoTheTableInOneTransaction() throws Exception {
        new NativeEngine(profile, Fixture.HADOOP).run(job("sale", "to-export"), PartLog.NONE);
        Connection shop = profile.connection("shop");
        RdbmsWriter to = RdbmsWriter.of(
                        RdbmsKind.MYSQL,
                        shop.user(),
                        PasswordReference.to(shop),
                        PasswordReference.jobUrl(shop),
                        "sale_out",
                        List.of("id", "amount", "at", "day", "flag", "photo", "name"))
                .around(List.of("DELETE FROM @table"), List.of());
        List<ReaderColumn> columns = IntStream.range(0, 7)
                .mapToObj(i -> ReaderColumn.at(i, "string"))
                .toList();
        DataxJob job =
                DataxJob.of(HdfsReader.orc("file:///", List.of(folder.resolve("to-export") + "/*"), columns), to);
        assertThat(engine.run(job, PartLog.NONE).rows()).isEqualTo(3001);
        assertThat(engine.run(job, PartLog.NONE).rows()).as("again").isEqualTo(3001);
        assertThat(number("SELECT count(*) FROM sale JOIN sale_out USING (id) WHERE sale.amount = sale_out.amount"
                        + " AND sale.at <=> sale_out.at AND sale.day <=> sale_out.day AND sale.flag <=> sale_out.flag"
                        + " AND sale.photo <=> sale_out.photo AND sale.name <=> sale_out.name"))
                .isEqualTo(3001);
        RdbmsWriter failing = to.around(List.of("DELETE FROM @table"), List.of("no sql"));
        assertThatThrownBy(() -> engine.run(DataxJob.of(job.reader(), failing), PartLog.NONE))
                .hasMessageContaining("no sql");
        assertThat(number("SELECT count(*) FROM sale_out")).isEqualTo(3001);
        assertThat(number("SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'granary_work%'"))
                .isZero();
    }

    @Test
    void aTableThatChangesMeanwhileIsNotTaken() throws Exception {
        execute("CREATE TABLE busy LIKE sale", "INSERT INTO busy SELECT * FROM sale");
        DataxJob job = job("busy", "busy");
        RdbmsReader reader = (RdbmsReader) job.reader();
        // each session of the job changes the table when it begins
        RdbmsReader changing = new RdbmsReader(
                reader.kind(),
                reader.username(),
                reader.password(),
                reader.column(),
                reader.connection(),
                null,
                "id",
                2,
                null,
                List.of("COMMIT", "UPDATE busy SET name = concat('x', connection_id()) WHERE id = 5"),
                null);
        assertThatThrownBy(() -> engine.run(DataxJob.of(job.setting(), changing, job.writer()), PartLog.NONE))
                .hasMessageContaining("table busy changed while the job read it");
        assertThat(Files.exists(folder.resolve("busy")) ? Fixture.rows(folder.resolve("busy")) : List.of())
                .isEmpty();
    }

    @Test
    void aFailureOfATaskSaysItsReason() throws Exception {
        execute(
                "SET sql_mode = ''",
                "CREATE TABLE zero (id INT PRIMARY KEY, at DATETIME)",
                "INSERT INTO zero VALUES (8, '0000-00-00 00:00:00')");
        assertThatThrownBy(() -> engine.run(job("zero", "zero"), PartLog.NONE))
                .hasMessageContaining("0000-00-00 00:00:00")
                .hasMessageContaining("column at");
    }

    private static DataxJob job(String table, String out) {
        DataxJob job = Fixture.sync(profile, table, "id", folder.resolve(out));
        RdbmsReader r = (RdbmsReader) job.reader();
        RdbmsReader cut = new RdbmsReader(
                r.kind(), r.username(), r.password(), r.column(), r.connection(), null, "id", 2, null, null, null);
        return DataxJob.of(new DataxJob.Setting(Speed.of(2), null), cut, job.writer());
    }

    private static void execute(String... statements) throws SQLException {
        try (java.sql.Connection connection = server.connect("shop");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static long number(String sql) throws SQLException {
        try (java.sql.Connection connection = server.connect("shop");
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
