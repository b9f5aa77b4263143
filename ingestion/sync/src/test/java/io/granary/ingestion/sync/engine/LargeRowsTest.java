package io.granary.ingestion.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.ReaderColumn;
import io.granary.ingestion.sync.job.Speed;
import io.granary.warehouse.config.Profile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of eight megabytes, in and out again, in a JVM of little memory. */
class LargeRowsTest {
    private static final int ROWS = 18;
    private static final int LENGTH = 8_000_000;

    @TempDir
    Path folder;

    @Test
    void memoryDoesNotGrowWithTheRows() throws Exception {
        MariaDbServer server = MariaDbServer.shared();
        Fixture.profile(folder, server);
        try (Connection connection = server.connect("shop");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE VIEW large AS SELECT seq AS n, concat(seq, repeat('x', " + LENGTH
                    + ")) AS t FROM seq_1_to_" + ROWS);
            statement.execute("CREATE TABLE lengths (n BIGINT PRIMARY KEY, l LONGTEXT)");
        }
        Process small = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeRowsTest.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(small.getInputStream().readAllBytes());
        assertThat(small.waitFor()).as(said).isZero();
        try (Connection connection = server.connect("shop");
                Statement statement = connection.createStatement();
                var sums = statement.executeQuery("SELECT count(*), sum(length(l)) FROM lengths")) {
            sums.next();
            assertThat(sums.getLong(1)).isEqualTo(ROWS);
            assertThat(sums.getLong(2)).isEqualTo((long) LENGTH * ROWS + 9 + 2 * (ROWS - 9));
        }
    }

    /** The process of little memory. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Profile profile = Profile.load(folder.resolve("profile.yaml"), Map.of());
        Jobs jobs = new Jobs(profile);
        Path out = folder.resolve("out");
        NativeEngine engine = new NativeEngine(profile, Fixture.HADOOP);
        engine.run(
                Jobs.of(1, null, jobs.from("large", 1, "n", "t"), Jobs.to(out, "n bigint", "t string")), PartLog.NONE);
        engine.run(
                DataxJob.of(
                        new DataxJob.Setting(Speed.of(1), null),
                        HdfsReader.orc(
                                null,
                                List.of(out.toUri() + "/*"),
                                List.of(ReaderColumn.at(0, "long"), ReaderColumn.at(1, "string"))),
                        jobs.into("lengths", "n", "l")),
                PartLog.NONE);
    }
}
