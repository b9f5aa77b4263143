package io.granary.ingestion.flume.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.jdbc.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at a table of a real PostgreSQL. */
class PollerPostgresTest {
    private static final String ID = "00000000-0000-0000-0000-00000000000";

    @TempDir
    private Path folder;

    @Test
    void rowsAreReadExactlyAndInPagesAndOnce() throws Exception {
        PostgresServer server = PostgresServer.shared();
        PollRig rig = new PollRig(
                folder,
                "sales.polled",
                "columns",
                "id,n,ok,wall,doc,bin,f",
                "watermark",
                "at",
                "key",
                "id,no",
                "pageRows",
                "2",
                "type",
                "postgresql",
                "port",
                "" + server.port(),
                "rememberedRows",
                "3");
        try (Connection sql = server.connect("shop")) {
            PollRig.run(
                    sql,
                    "SET TIME ZONE 'Asia/Shanghai'",
                    "CREATE SCHEMA sales",
                    "CREATE TABLE sales.polled (id UUID, no BIGINT, n NUMERIC(30,10), ok BOOLEAN, wall TIMESTAMP, doc"
                            + " JSONB, bin BYTEA, f REAL, at TIMESTAMPTZ, PRIMARY KEY (id, no))",
                    "INSERT INTO sales.polled VALUES ('" + ID + "1', 1, 12345678901234567890.0123456789, true,"
                            + " '2026-11-01 10:00:00.000001', '{\"a\": \"b\"}', '\\x00ff', 0.1, '2026-11-01 10:00:00')",
                    "INSERT INTO sales.polled (id, no, n, at) SELECT CAST('" + ID + "2' AS UUID), g, 'NaN',"
                            + " '2026-11-01 11:00:00' FROM generate_series(1, 8) g");
            rig.look();
            rig.look();
            PollRig.run(sql, "UPDATE sales.polled SET at = now(), n = 1 WHERE no = 8");
            rig.look();
        }
        assertThat(rig.said).allMatch(s -> s.contains("more than 3 rows changed"));
        assertThat(Files.readString(rig.files().get(0), StandardCharsets.UTF_8))
                .startsWith("{\"_sequence\":1,\"_change_at\":\"2026-11-01T02:00:00Z\",\"id\":\"" + ID + "1\",\"no\":1,"
                        + "\"at\":\"2026-11-01T02:00:00Z\",\"n\":12345678901234567890.0123456789,\"ok\":true,"
                        + "\"wall\":\"2026-11-01T10:00:00.000001Z\",\"doc\":\"{\\\"a\\\": \\\"b\\\"}\",\"bin\":\"AP8=\","
                        + "\"f\":0.1}\n");
        assertThat(rig.rows("_sequence", "no", "n"))
                .containsExactly(
                        "1|1|1.2345678901234567E19",
                        "2|1|NaN",
                        "3|2|NaN",
                        "4|3|NaN",
                        "5|4|NaN",
                        "6|5|NaN",
                        "7|6|NaN",
                        "8|7|NaN",
                        "9|8|NaN",
                        "10|8|1.0");
    }
}
