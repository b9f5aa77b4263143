package io.granary.ingestion.sync.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.jdbc.PostgresServer;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.job.ReaderColumn;
import io.granary.ingestion.sync.job.Speed;
import io.granary.ingestion.sync.job.WriterColumn;
import io.granary.tablestore.testing.LocalWarehouse;
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
        server = MariaDbServer.shared();
        profile = Fixture.profile(folder, server);
        spark = LocalWarehouse.shared().spark(); // a process has one
        engine = new SparkEngine(spark, source(folder), Fixture.HADOOP);
        execute(
                "CREATE TABLE sp_sale (id BIGINT UNSIGNED PRIMARY KEY, amount DECIMAL(38,10), at DATETIME(6), day DATE,"
                        + " flag BIT(1), photo VARBINARY(8), name VARCHAR(20))",
                "INSERT INTO sp_sale SELECT seq, seq / 7, '2026-03-29 02:30:00.123456' + INTERVAL seq MINUTE,"
                        + " '0001-01-01' + INTERVAL seq DAY, seq % 2, x'00ff', if(seq % 3 = 0, NULL, concat('名', seq))"
                        + " FROM seq_1_to_3000",
                "INSERT INTO sp_sale VALUES (18446744073709551615, -9999999999999999999999999999.9999999999, NULL, NULL,"
                        + " NULL, NULL, '')",
                "CREATE TABLE sp_sale_out LIKE sp_sale");
    }

    /** Not a lambda of the test: what it would hold cannot be sent. */
    private static ProfileSource source(Path folder) {
        String file = folder.resolve("profile.yaml").toString();
        return () -> Profile.load(Path.of(file), Map.of());
    }

    @Test
    void theRowsAreThoseOfTheNativeEngineWhateverTheZoneOfTheProcess() throws Exception {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
        JobReport report;
        try {
            report = engine.run(job("sp_sale", "by-spark"), PartLog.NONE);
        } finally {
            TimeZone.setDefault(before);
        }
        JobReport byNative = new NativeEngine(profile, Fixture.HADOOP).run(job("sp_sale", "by-native"), PartLog.NONE);
        assertThat(report.rows()).isEqualTo(byNative.rows()).isEqualTo(3001);
        assertThat(report.parts()).hasSizeGreaterThan(1);
        assertThat(Fixture.rows(folder.resolve("by-spark")))
                .containsExactlyInAnyOrderElementsOf(Fixture.rows(folder.resolve("by-native")));
    }

    @Test
    void rowsGoIntoTheTableInOneTransaction() throws Exception {
        new NativeEngine(profile, Fixture.HADOOP).run(job("sp_sale", "to-export"), PartLog.NONE);
        Connection shop = profile.connection("shop");
        RdbmsWriter to = RdbmsWriter.of(
                        RdbmsKind.MYSQL,
                        shop.user(),
                        PasswordReference.to(shop),
                        PasswordReference.jobUrl(shop),
                        "sp_sale_out",
                        List.of("id", "amount", "at", "day", "flag", "photo", "name"))
                .around(List.of("DELETE FROM @table"), List.of());
        List<ReaderColumn> columns = IntStream.range(0, 7)
                .mapToObj(i -> ReaderColumn.at(i, "string"))
                .toList();
        DataxJob job =
                DataxJob.of(HdfsReader.orc("file:///", List.of(folder.resolve("to-export") + "/*"), columns), to);
        assertThat(engine.run(job, PartLog.NONE).rows()).isEqualTo(3001);
        assertThat(engine.run(job, PartLog.NONE).rows()).as("again").isEqualTo(3001);
        assertThat(number(
                        "SELECT count(*) FROM sp_sale JOIN sp_sale_out USING (id) WHERE sp_sale.amount = sp_sale_out.amount"
                                + " AND sp_sale.at <=> sp_sale_out.at AND sp_sale.day <=> sp_sale_out.day AND sp_sale.flag <=> sp_sale_out.flag"
                                + " AND sp_sale.photo <=> sp_sale_out.photo AND sp_sale.name <=> sp_sale_out.name"))
                .isEqualTo(3001);
        RdbmsWriter failing = to.around(List.of("DELETE FROM @table"), List.of("no sql"));
        assertThatThrownBy(() -> engine.run(DataxJob.of(job.reader(), failing), PartLog.NONE))
                .hasMessageContaining("no sql");
        assertThat(number("SELECT count(*) FROM sp_sale_out")).isEqualTo(3001);
        assertThat(number("SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'granary_work%'"))
                .isZero();
    }

    @Test
    void aTableThatChangesMeanwhileIsNotTaken() throws Exception {
        execute("CREATE TABLE sp_busy LIKE sp_sale", "INSERT INTO sp_busy SELECT * FROM sp_sale");
        DataxJob job = job("sp_busy", "sp_busy");
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
                List.of("COMMIT", "UPDATE sp_busy SET name = concat('x', connection_id()) WHERE id = 5", "COMMIT"),
                null);
        assertThatThrownBy(() -> engine.run(DataxJob.of(job.setting(), changing, job.writer()), PartLog.NONE))
                .hasMessageContaining("table sp_busy changed while the job read it");
        assertThat(Files.exists(folder.resolve("sp_busy")) ? Fixture.rows(folder.resolve("sp_busy")) : List.of())
                .isEmpty();
    }

    /** While tasks read, rows come and go; all tasks see the table as it was when the driver looked. */
    @Test
    void tasksOnPostgresShareOneSnapshot() throws Exception {
        PostgresServer postgres = PostgresServer.shared();
        postgres.database("spark");
        Connection at = postgres.connection("spark");
        Files.writeString(folder.resolve("pg-secret"), at.password());
        Path file = Files.writeString(folder.resolve("postgres.yaml"), """
                name: local
                fs: file:///
                connections:
                  pg: {type: postgresql, host: %s, port: %d, database: spark, user: %s, password: "${file:pg-secret}"}
                """.formatted(at.host(), at.port(), at.user()));
        try (java.sql.Connection jdbc = postgres.connect("spark");
                Statement statement = jdbc.createStatement()) {
            statement.execute("CREATE SEQUENCE more START 1001");
            statement.execute("CREATE TABLE sale (id BIGINT PRIMARY KEY, amount NUMERIC(12,2), at TIMESTAMP(6))");
            statement.execute("INSERT INTO sale SELECT n, n / 7.0, timestamp '2026-03-29 02:30:00.123456' FROM"
                    + " generate_series(1, 1000) n");
            Connection pg = Profile.load(file, Map.of()).connection("pg");
            RdbmsReader reader = new RdbmsReader(
                    RdbmsKind.POSTGRESQL,
                    pg.user(),
                    PasswordReference.to(pg),
                    List.of("*"),
                    List.of(new RdbmsReader.ReaderConnection(
                            List.of(PasswordReference.jobUrl(pg)), List.of("sale"), List.of())),
                    null,
                    "id",
                    3,
                    null,
                    List.of(),
                    null);
            String path = file.toString();
            SparkEngine onPostgres = new SparkEngine(spark, growing(path), Fixture.HADOOP);
            DataxJob job = DataxJob.of(
                    new DataxJob.Setting(Speed.of(2), null),
                    reader,
                    HdfsWriter.orc(
                            "file:///",
                            folder.resolve("from-postgres").toString(),
                            "part",
                            List.of(
                                    new WriterColumn("id", "bigint"),
                                    new WriterColumn("amount", "decimal(12,2)"),
                                    new WriterColumn("at", "timestamp"))));
            JobReport report = onPostgres.run(job, PartLog.NONE);
            assertThat(report.parts()).hasSizeGreaterThan(2);
            // the engine itself has loaded the profile once
            assertThat(report.rows()).isEqualTo(1001);
            assertThat(Fixture.rows(folder.resolve("from-postgres")))
                    .hasSize(1001)
                    .anySatisfy(row -> assertThat(row).containsEntry("at", "2026-03-29 02:30:00.123456"));
            try (var rows = statement.executeQuery("SELECT count(*) FROM sale")) {
                rows.next();
                assertThat(rows.getLong(1)).isGreaterThan(1002);
            }
        }
    }

    /** A profile whose every load adds a row to the table: each task loads it before it reads. */
    private static ProfileSource growing(String file) {
        return () -> {
            Profile loaded = Profile.load(Path.of(file), Map.of());
            try (Database database = Database.open(loaded.connection("pg"))) {
                database.execute("INSERT INTO sale VALUES (nextval('more'), 1)");
            }
            return loaded;
        };
    }

    @Test
    void anEmptyTableIsNoRows() throws Exception {
        execute("CREATE TABLE sp_empty LIKE sp_sale");
        assertThat(engine.run(job("sp_empty", "empty"), PartLog.NONE).rows()).isZero();
        assertThat(Fixture.rows(folder.resolve("empty"))).isEmpty();
    }

    @Test
    void aFailureOfATaskSaysItsReason() throws Exception {
        execute(
                "SET sql_mode = ''",
                "CREATE TABLE sp_zero (id INT PRIMARY KEY, at DATETIME)",
                "INSERT INTO sp_zero VALUES (8, '0000-00-00 00:00:00')");
        assertThatThrownBy(() -> engine.run(job("sp_zero", "sp_zero"), PartLog.NONE))
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
        server.execute("shop", statements);
    }

    private static long number(String sql) throws SQLException {
        return server.number("shop", sql);
    }
}
