package io.granary.ingestion.sync.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.tablestore.RunId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** A day of 3,000 rows, small and large. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 1})
    void aTableThatChangesItsRowsIsNotWritten(long large) throws Exception {
        String database = "changes_" + (large == 1 ? "large" : "small");
        Exported visits = visits(database);
        visits.build(DS, Exported.run(1), 10, 1);
        visits.export(DS, false, large);
        MariaDbServer.shared()
                .execute(
                        database,
                        "CREATE TRIGGER fewer BEFORE INSERT ON visits FOR EACH ROW SET NEW.hits = NEW.hits - (NEW.amount = 7.10)");
        visits.build(DS, Exported.run(2), 3000, 2);
        assertThatThrownBy(() -> visits.export(DS, false, large))
                .hasMessageContaining("the sum of column hits: 6000 as it was read, 5999 in the table");
        assertThat(MariaDbServer.shared().number(database, "SELECT sum(hits) FROM visits"))
                .isEqualTo(10);
        assertThat(MariaDbServer.shared()
                        .number(database, "SELECT count(*) FROM granary_exports WHERE row_count = 10"))
                .isEqualTo(1);
    }
}
