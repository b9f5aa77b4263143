package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.config.Profile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.TimeZone;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark in a JVM whose zone is UTC, as all of Granary's are, sees in the files what the database shows. */
class SparkReadsTest {
    @TempDir
    Path folder;

    @Test
    void digitsStayTheSame() throws Exception {
        Path out = folder.resolve("out");
        try (MariaDbServer server = MariaDbServer.start(folder)) {
            Profile profile = Fixture.profile(folder, server);
            try (Connection connection = server.connect("shop");
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t (a DATETIME(6), b DATE, c DECIMAL(12,2), d VARCHAR(9))");
                statement.execute("INSERT INTO t VALUES ('2026-03-08 02:30:00.123456', '0001-01-01', 7364.70, ''),"
                        + " ('1500-02-28 00:00:00', '2024-02-29', NULL, NULL),"
                        + " ('1969-12-31 23:59:58.5', '1999-12-31', 0.01, 'x')");
            }
            new NativeEngine(profile, Fixture.HADOOP).run(Fixture.sync(profile, "t", null, out));
        }
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        try (SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()) {
            List<Row> rows = spark.read()
                    .schema("a TIMESTAMP, b DATE, c DECIMAL(12,2), d STRING")
                    .orc(out.toString())
                    .selectExpr("CAST(a AS STRING)", "CAST(b AS STRING)", "CAST(c AS STRING)", "d")
                    .collectAsList();
            assertThat(rows)
                    .containsExactly(
                            RowFactory.create("2026-03-08 02:30:00.123456", "0001-01-01", "7364.70", ""),
                            RowFactory.create("1500-02-28 00:00:00", "2024-02-29", null, null),
                            RowFactory.create("1969-12-31 23:59:58.5", "1999-12-31", "0.01", "x"));
        } finally {
            TimeZone.setDefault(before);
        }
    }
}
