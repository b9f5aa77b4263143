package io.granary.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.ingestion.sync.jdbc.PostgresServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports out of a real PostgreSQL, with the tables as {@code granary export} makes them there. */
class PostgresShareTest {
    @TempDir
    Path home;

    @Test
    void aReportIsReadOutOfPostgres() throws Exception {
        PostgresServer postgres = PostgresServer.shared();
        postgres.database("reports");
        var to = postgres.connection("reports");
        String share = "{type: postgresql, host: %s, port: %d, database: reports, user: %s, password: %s}"
                .formatted(to.host(), to.port(), to.user(), to.password());
        try (Installation installation = new Installation(home, share);
                Connection connection = postgres.connect("reports");
                Statement statement = connection.createStatement()) {
            assertThat(installation.get("/api/v1/reports/traffic.overview").body())
                    .contains("has no data yet");
            statement.execute("CREATE TABLE ads_traffic_site_overview (site VARCHAR(255) NOT NULL, views BIGINT,"
                    + " ds VARCHAR(255) NOT NULL, PRIMARY KEY (ds, site))");
            statement.execute(
                    "INSERT INTO ads_traffic_site_overview VALUES ('b', 2, '2026-11-01'), ('a', 1, '2026-11-01'),"
                            + " ('c', 3, '2026-10-31')");
            assertThat(json(installation.get("/api/v1/reports/traffic.overview"))
                            .path("as_of")
                            .isNull())
                    .isTrue();
            statement.execute(
                    "CREATE TABLE granary_exports (export VARCHAR(255) NOT NULL, ds VARCHAR(10) NOT NULL,"
                            + " exported_at TIMESTAMP(6) NOT NULL, version VARCHAR(64), row_count BIGINT, PRIMARY KEY (export, ds))");
            statement.execute("INSERT INTO granary_exports VALUES ('export.traffic.site_overview', '2026-11-01',"
                    + " '2026-11-02 00:10:00', 'v', 2)");
            JsonNode report = json(installation.get("/api/v1/reports/traffic.overview"));
            assertThat(report.path("ds").asText()).isEqualTo("2026-11-01");
            assertThat(report.path("as_of").asText()).isEqualTo("2026-11-02T00:10:00Z");
            assertThat(report.path("rows"))
                    .extracting(row -> row.path("site").asText())
                    .containsExactly("a", "b");
            assertThat(json(installation.get("/api/v1/reports"))
                            .at("/reports/0/ds/1")
                            .asText())
                    .isEqualTo("2026-10-31");
            assertThat(json(installation.get("/health/ready"))
                            .at("/checks/share")
                            .asText())
                    .isEqualTo("UP");
        }
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new JsonMapper().readTree(answer.body());
    }
}
