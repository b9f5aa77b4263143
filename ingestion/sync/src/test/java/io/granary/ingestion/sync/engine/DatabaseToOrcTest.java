package io.granary.ingestion.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table through the engine into ORC files, on a real MariaDB; the types are in TypeMatrixTest. */
class DatabaseToOrcTest {
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
        server.execute("shop", statements);
    }
}
