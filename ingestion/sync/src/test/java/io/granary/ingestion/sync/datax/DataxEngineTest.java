package io.granary.ingestion.sync.datax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.ErrorLimit;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.HdfsWriter;
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
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine with a stand-in for DataX: a program that reads the very job file DataX would be given, does its work on the real
 * database and the real files, and answers in DataX's words. A real DataX was not run.
 */
class DataxEngineTest {
    @TempDir
    static Path folder;

    private static MariaDbServer server;
    private static Profile profile;

    /** A folder for each run: what was asked and answered stays there. */
    private Path home;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.shared();
        profile = Fixture.profile(folder, server);
        execute(
                "CREATE TABLE dx_sale (id BIGINT UNSIGNED PRIMARY KEY, amount DECIMAL(38,10), at DATETIME(6), day DATE,"
                        + " flag BIT(1), rate FLOAT, name VARCHAR(20))",
                "INSERT INTO dx_sale VALUES (18446744073709551615, -9999999999999999999999999999.9999999999,"
                        + " '2026-03-29 02:30:00.123456', '0001-01-01', b'1', 1234.25, ''),"
                        + " (7, 7364.70, NULL, NULL, NULL, 0.1, NULL)",
                "CREATE TABLE dx_sale_out LIKE dx_sale");
    }

    @Test
    void theRowsAreThoseOfTheNativeEngine() throws Exception {
        JobReport report = engine("work").run(job("by-datax"), PartLog.NONE);
        new NativeEngine(profile, Fixture.HADOOP).run(job("by-native"), PartLog.NONE);
        assertThat(report.rows()).isEqualTo(2);
        assertThat(Fixture.rows(folder.resolve("by-datax")))
                .containsExactlyInAnyOrderElementsOf(Fixture.rows(folder.resolve("by-native")));
        nothingIsLeft();
    }

    @Test
    void theRenderedJobIsSafe() throws Exception {
        engine("work").run(job("rendered"), PartLog.NONE);
        assertThat(Files.readString(home.resolve("mode"))).isEqualTo("-rw-------");
        assertThat(Files.readString(home.resolve("arguments")))
                .contains("-job", "--add-opens=java.base/java.net=ALL-UNNAMED")
                .doesNotContain("granary-secret");
        JsonNode root = new JsonMapper().readTree(home.resolve("job.json").toFile());
        assertThat(root.at("/core/container/job/sleepInterval").asInt()).isEqualTo(500);
        assertThat(root.at("/job/setting/errorLimit/record").asInt(-1)).isZero();
        assertThat(root.at("/job/setting/speed/channel").asInt()).isEqualTo(2);
        JsonNode reader = root.at("/job/content/0/reader/parameter");
        assertThat(reader.path("password").asText()).isEqualTo("granary-secret");
        assertThat(reader.path("splitPk").asText()).isEqualTo("id");
        assertThat(reader.at("/session/0").asText()).isEqualTo("set time_zone = '+00:00'");
        assertThat(reader.path("column"))
                .extracting(JsonNode::asText)
                .startsWith("CAST(`id` AS CHAR)", "CAST(`amount` AS CHAR)")
                .contains("CAST(`flag` + 0 AS CHAR)", "CAST(`rate` + 0e0 AS CHAR)");
        JsonNode writer = root.at("/job/content/0/writer/parameter");
        assertThat(writer.path("path").asText())
                .startsWith(folder.resolve("files/granary/staging/datax/jobs") + "/")
                .endsWith("/rows");
        assertThat(writer.path("writeMode").asText()).isEqualTo("append");
        assertThat(writer.path("column"))
                .extracting(c -> c.path("type").asText())
                .containsOnly("string");
    }

    @Test
    void rowsGoIntoTheTableInOneTransaction() throws Exception {
        new NativeEngine(profile, Fixture.HADOOP).run(job("to-export"), PartLog.NONE);
        Connection shop = profile.connection("shop");
        RdbmsWriter to = RdbmsWriter.of(
                        RdbmsKind.MYSQL,
                        shop.user(),
                        PasswordReference.to(shop),
                        PasswordReference.jobUrl(shop),
                        "dx_sale_out",
                        List.of("*"))
                .around(List.of("DELETE FROM @table"), List.of());
        List<ReaderColumn> columns = IntStream.range(0, 7)
                .mapToObj(i -> ReaderColumn.at(i, "string"))
                .toList();
        DataxJob job =
                DataxJob.of(HdfsReader.orc("file:///", List.of(folder.resolve("to-export") + "/*"), columns), to);
        assertThat(engine("work").run(job, PartLog.NONE).rows()).isEqualTo(2);
        assertThat(number(
                        "SELECT count(*) FROM dx_sale JOIN dx_sale_out USING (id) WHERE dx_sale.amount = dx_sale_out.amount"
                                + " AND dx_sale.at <=> dx_sale_out.at AND dx_sale.day <=> dx_sale_out.day AND dx_sale.flag <=> dx_sale_out.flag"
                                + " AND dx_sale.rate = dx_sale_out.rate AND dx_sale.name <=> dx_sale_out.name"))
                .isEqualTo(2);
        execute("CREATE TABLE dx_narrow LIKE dx_sale", "ALTER TABLE dx_narrow MODIFY amount DECIMAL(38,9)");
        assertThatThrownBy(() -> engine("work").run(DataxJob.of(job.reader(), to.into("dx_narrow")), PartLog.NONE))
                .hasMessageContaining("does not fit column amount decimal(38,9)");
        assertThat(number("SELECT count(*) FROM dx_narrow")).isZero();
        assertThat(number("SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'granary_work%'"))
                .isZero();
    }

    @Test
    void aFailureIsShownWithoutThePassword() throws Exception {
        assertThatThrownBy(() -> engine("fail").run(job("failed"), PartLog.NONE))
                .hasMessageContaining("DataX failed (exit 1)")
                .hasMessageContaining("DataXException: no such table, password *** of granary")
                .hasMessageNotContaining("granary-secret");
        assertThat(folder.resolve("failed")).doesNotExist();
        nothingIsLeft();
    }

    @Test
    void aKilledDataxIsAFailure() throws Exception {
        assertThatThrownBy(() -> engine("killed").run(job("killed"), PartLog.NONE))
                .hasMessageContaining("DataX was killed (exit 143)");
        nothingIsLeft();
    }

    @Test
    void aDataxThatHangsIsKilled() throws Exception {
        assertThatThrownBy(() -> engine("hang").run(job("hung"), PartLog.NONE))
                .hasMessageContaining("DataX said nothing for 2 s and was killed");
        long pid = Long.parseLong(Files.readString(home.resolve("pid")));
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        nothingIsLeft();
    }

    @Test
    void exitZeroIsNotEnough() throws Exception {
        assertThatThrownBy(() -> engine("silent").run(job("silent"), PartLog.NONE))
                .hasMessageContaining("did not say how many rows");
        assertThatThrownBy(() -> engine("dirty").run(job("dirty"), PartLog.NONE))
                .hasMessageContaining("DataX could not write 1 of 2 rows; errorLimit is record 0");
        assertThatThrownBy(() -> engine("loses").run(job("loses"), PartLog.NONE))
                .hasMessageContaining("DataX read 2 rows and lost 0, but wrote 1");
        assertThat(folder.resolve("loses"))
                .as("the target")
                .satisfiesAnyOf(
                        f -> assertThat(f).doesNotExist(),
                        f -> assertThat(Fixture.rows(f)).isEmpty());
    }

    @Test
    void zeroDatesFollowTheRuleOfTheJob() throws Exception {
        execute(
                "SET sql_mode = ''",
                "CREATE TABLE dx_zero (id INT PRIMARY KEY, day DATE, at DATETIME)",
                "INSERT INTO dx_zero VALUES (1, '0000-00-00', '2026-00-01 00:00:00'), (2, '2026-01-01', NULL)");
        DataxJob job = Fixture.sync(profile, "dx_zero", null, folder.resolve("zero"));
        assertThatThrownBy(() -> engine("work").run(job, PartLog.NONE)).hasMessageContaining("0000-00-00");
        RdbmsReader asNull = ((RdbmsReader) job.reader()).withZeroDates("null");
        engine("work").run(DataxJob.of(asNull, job.writer()), PartLog.NONE);
        assertThat(Fixture.rows(folder.resolve("zero")).stream().map(r -> r.get("day")))
                .containsExactlyInAnyOrder(null, "2026-01-01");
    }

    @Test
    void anEmptyTableIsNoRows() throws Exception {
        execute("CREATE TABLE dx_empty LIKE dx_sale");
        DataxJob job = Fixture.sync(profile, "dx_empty", null, folder.resolve("empty"));
        assertThat(engine("work").run(job, PartLog.NONE).rows()).isZero();
    }

    @Test
    void whatTheLimitAllowsIsLeftOut() throws Exception {
        DataxJob job = job("some");
        DataxJob lenient = DataxJob.of(new DataxJob.Setting(Speed.of(1), ErrorLimit.of(1)), job.reader(), job.writer());
        assertThat(engine("dirty").run(lenient, PartLog.NONE).rows()).isEqualTo(1);
    }

    @Test
    void aTableThatChangesMeanwhileIsNotTaken() throws Exception {
        execute("CREATE TABLE dx_busy LIKE dx_sale", "INSERT INTO dx_busy SELECT * FROM dx_sale");
        assertThatThrownBy(() -> engine("change")
                        .run(Fixture.sync(profile, "dx_busy", null, folder.resolve("dx_busy")), PartLog.NONE))
                .hasMessageContaining("table dx_busy changed while the job read it");
    }

    private DataxJob job(String out) {
        DataxJob job = Fixture.sync(profile, "dx_sale", "id", folder.resolve(out));
        return DataxJob.of(new DataxJob.Setting(Speed.of(2), null), job.reader(), (HdfsWriter) job.writer());
    }

    private DataxEngine engine(String behaviour) throws Exception {
        home = Files.createTempDirectory(folder, "datax");
        Path script = StandIn.install(home, behaviour);
        return new DataxEngine(
                new DataxHome(home, script, Duration.ofSeconds(behaviour.equals("hang") ? 2 : 60)),
                profile,
                Fixture.HADOOP,
                null);
    }

    /** Neither the job file with the password nor a stage. */
    private static void nothingIsLeft() throws Exception {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(files.filter(f -> f.getFileName().toString().startsWith("granary-datax-")))
                    .isEmpty();
        }
        Path stages = folder.resolve("files/granary/staging/datax/jobs");
        if (Files.exists(stages)) {
            assertThat(stages).isEmptyDirectory();
        }
    }

    private static void execute(String... statements) throws SQLException {
        server.execute("shop", statements);
    }

    private static long number(String sql) throws SQLException {
        return server.number("shop", sql);
    }
}
