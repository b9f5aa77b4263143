package io.granary.ingestion.sync.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.engine.Progress;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.job.Core;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.ErrorLimit;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.Transformer;
import io.granary.ingestion.sync.job.WriterColumn;
import io.granary.warehouse.config.Profile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transformers in a job: types change on the way, dropped rows are no loss, rows that cannot be changed are dirty. */
class TransformedJobTest {
    @TempDir
    static Path folder;

    private static Profile profile;

    @BeforeAll
    static void start() throws Exception {
        MariaDbServer server = MariaDbServer.shared();
        profile = Fixture.profile(folder, server);
        try (Connection connection = server.connect("shop");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE coded (id INT PRIMARY KEY, code BIGINT, amount DECIMAL(12,2))");
            statement.execute(
                    "INSERT INTO coded VALUES (1, 12345, 9.99), (2, 7, 5), (3, NULL, 5), (4, 67890, 100), (5, 1, 5)");
        }
    }

    @Test
    void rowsAreChangedDroppedAndLeftOut() throws Exception {
        // 4 is dropped by its amount; 2 and 5 have no third digit
        Path dirty = folder.resolve("dirty.jsonl");
        JobReport report = new NativeEngine(profile, Fixture.HADOOP, dirty, Progress.NONE)
                .run(job("lenient", ErrorLimit.of(2)), PartLog.NONE);
        assertThat(report.rows()).isEqualTo(2);
        assertThat(report.dirty()).isEqualTo(2);
        assertThat(Fixture.rows(folder.resolve("lenient")).stream().map(r -> r.get("code")))
                .containsExactly(345L, null);
        assertThat(Files.readAllLines(dirty))
                .hasSize(2)
                .allMatch(line -> line.contains("dx_substr startIndex(2) out of range(1)"));
    }

    @Test
    void withoutALimitTheFirstOneEndsTheJob() {
        assertThatThrownBy(() -> new NativeEngine(profile, Fixture.HADOOP)
                        .run(job("strict", ErrorLimit.NONE_LOST), PartLog.NONE))
                .hasMessageContaining("column code: dx_substr startIndex(2) out of range(1)");
    }

    private static DataxJob job(String out, ErrorLimit limit) {
        DataxJob plain = Fixture.sync(profile, "coded", null, folder.resolve(out));
        HdfsWriter to = HdfsWriter.orc(
                "",
                folder.resolve(out).toString(),
                "part",
                List.of(
                        new WriterColumn("id", "int"),
                        new WriterColumn("code", "bigint"),
                        new WriterColumn("amount", "decimal(12,2)")));
        List<Transformer> transformers = List.of(
                new Transformer("dx_filter", new Transformer.Parameter(2, List.of(">=", "100"))),
                new Transformer("dx_substr", new Transformer.Parameter(1, List.of("2", "10"))));
        return new DataxJob(
                Core.DEFAULT,
                new DataxJob.Setting(null, limit),
                List.of(new DataxJob.Content(plain.reader(), to, transformers)));
    }
}
