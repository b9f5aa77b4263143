package io.granary.ingestion.sync.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.jdbc.PostgresServer;
import io.granary.tablestore.RunId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an export proves of the table that people read, and of two versions which is the older. */
class ExportProofTest {
    private static final String DS = "2026-11-01";

    @TempDir
    Path home;

    private static String run(String at) {
        return RunId.next(Clock.fixed(Instant.parse(at), ZoneOffset.UTC)).value();
    }

    private Exported visits(String database) throws Exception {
        MariaDbServer.shared().database(database);
        return new Exported(home, "mariadb", MariaDbServer.shared().port(), database, "partition");
    }

    @Test
    void ofTwoVersionsWithinASecondTheOlderIsRefused() throws Exception {
        Exported visits = visits("within_a_second");
        String older = run("2026-11-02T00:00:00.100Z");
        String newer = run("2026-11-02T00:00:00.101Z");
        visits.build(DS, older, 10, 1);
        assertThat(visits.export(DS, false, Long.MAX_VALUE).rows()).isEqualTo(10);
        visits.build(DS, newer, 20, 2);
        assertThat(visits.export(DS, false, Long.MAX_VALUE).rows()).isEqualTo(20);
        visits.publish(DS, older);
        assertThatThrownBy(() -> visits.export(DS, false, Long.MAX_VALUE))
                .hasMessageContaining("of run " + newer + ", which is newer than ds=" + DS + " of run " + older);
        assertThat(MariaDbServer.shared().number("within_a_second", "SELECT sum(hits) FROM visits"))
                .isEqualTo(40);
    }

    @Test
    void aTableThatChangesItsRowsIsNotWritten() throws Exception {
        Exported visits = visits("changes");
        visits.build(DS, Exported.run(1), 10, 1);
        visits.export(DS, false, Long.MAX_VALUE);
        MariaDbServer.shared()
                .execute(
                        "changes",
                        "CREATE TRIGGER fewer BEFORE INSERT ON visits FOR EACH ROW SET NEW.hits = NEW.hits - (NEW.amount = 7.10)");
        visits.build(DS, Exported.run(2), 3000, 2);
        assertThatThrownBy(() -> visits.export(DS, false, Long.MAX_VALUE))
                .hasMessageContaining("the sum of column hits: 6000 as it was read, 5999 in the table");
        assertThat(MariaDbServer.shared().number("changes", "SELECT sum(hits) FROM visits"))
                .isEqualTo(10);
        assertThat(MariaDbServer.shared()
                        .number("changes", "SELECT count(*) FROM granary_exports WHERE row_count = 10"))
                .isEqualTo(1);
    }

    /** The shadow table has the right rows; the live one, into which they are moved, makes others of them. */
    @Test
    void aTableThatChangesTheRowsOfALargeDayIsNotWritten() throws Exception {
        PostgresServer.shared().database("changes");
        Exported visits =
                new Exported(home, "postgresql", PostgresServer.shared().port(), "changes", "partition");
        visits.build(DS, Exported.run(1), 10, 1);
        visits.export(DS, false, 1);
        try (Connection connection = PostgresServer.shared().connect("changes");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE FUNCTION fewer() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN IF NEW.amount = 7.10 THEN NEW.visitor = NEW.visitor || ''x''; END IF; RETURN NEW; END'");
            statement.execute("CREATE TRIGGER fewer BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION fewer()");
            visits.build(DS, Exported.run(2), 3000, 2);
            assertThatThrownBy(() -> visits.export(DS, false, 1))
                    .hasMessageContaining("table visits: the sum of column visitor:");
            try (ResultSet rows = statement.executeQuery("SELECT sum(hits) FROM visits")) {
                rows.next();
                assertThat(rows.getLong(1)).isEqualTo(10);
            }
        }
    }
}
