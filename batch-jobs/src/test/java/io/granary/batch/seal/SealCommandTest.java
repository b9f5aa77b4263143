package io.granary.batch.seal;

import static io.granary.batch.seal.SealScene.access;
import static io.granary.batch.seal.SealScene.hit;
import static io.granary.batch.seal.SealScene.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.run.RunResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb against a real metastore and Thrift Server; each test seals a source of its own. */
class SealCommandTest {
    private static final Instant TEN = Instant.parse("2026-11-01T10:30:00Z");
    private static final Instant ELEVEN = Instant.parse("2026-11-01T11:30:00Z");
    private static final String AGENT = "web1-1762000000000.";

    @TempDir
    private Path home;

    private SealScene scene;

    @Test
    void loadsEveryLineOnceAndAccountsForAll() throws IOException {
        scene = new SealScene(home, access("t1.access"));
        String one = hit("10:05:00", "/a") + hit("10:59:59", "/b");
        String two = "broken line\n" + hit("11:00:00", "/c");
        scene.landing("t1.access")
                .chunk("web1", "f", 0, 1, TEN, one)
                .chunk("web1", "f", 0, 1, TEN, one + two)
                .land(TEN, AGENT + "1.avro");
        scene.landing("t1.access")
                .chunk("web1", "f", one.length(), 3, ELEVEN, two + hit("09:00:00", "/late"))
                .land(ELEVEN, AGENT + "2.avro");

        assertThat(scene.seal(0, "t1.access"))
                .contains(
                        "t1.access: 2 files, 9 lines read: 4 loaded, 4 duplicate, 1 quarantined; 3 partitions touched")
                .contains("quarantined: host web1, file f, line 3: identity (second field) is missing");

        assertThat(scene.rows("SELECT url, status, line_number, ds, hh FROM ods.ods_t1_access_hi ORDER BY line_number"))
                .containsExactly(
                        "/a|200|1|2026-11-01|10",
                        "/b|200|2|2026-11-01|10",
                        "/c|200|4|2026-11-01|11",
                        "/late|200|5|2026-11-01|09");
        assertThat(scene.rows(
                        "SELECT line_number, line_offset, reason, DECODE(line, 'UTF-8'), dt FROM ods.granary_quarantine"
                                + " WHERE source = 't1.access'"))
                .containsExactly("3|" + one.length() + "|identity (second field) is missing|broken line|2026-11-01");
        assertThat(scene.account("t1.access")).containsExactly("10|6|3|2|1|0|0", "11|3|1|2|0|0|0");
        RunResults.Result result = scene.results().results().get(0);
        assertThat(result.uniqueId()).isEqualTo("source.t1.access");
        assertThat(result.rowsAffected()).isEqualTo(4);
        assertThat(result.partitions())
                .containsExactly("ds=2026-11-01/hh=09", "ds=2026-11-01/hh=10", "ds=2026-11-01/hh=11");

        assertThat(scene.seal(0, "t1.access")).contains("t1.access: nothing new in landing");
        assertThat(scene.results().results().get(0).partitions()).isEmpty();
    }

    @Test
    void whatAnEarlierSealHasIsADuplicateAndTouchesNothing() throws IOException {
        scene = new SealScene(home, access("t2.access"));
        String old = hit("10:05:00", "/a") + "broken\n" + hit("11:05:00", "/b");
        scene.landing("t2.access").chunk("web1", "f", 0, 1, TEN, old).land(TEN, AGENT + "1.avro");
        scene.seal(0, "t2.access");
        scene.landing("t2.access")
                .chunk("web1", "f", 0, 1, ELEVEN, old + hit("10:06:00", "/c"))
                .land(ELEVEN, AGENT + "2.avro");

        assertThat(scene.seal(0, "t2.access"))
                .contains("1 files, 4 lines read: 1 loaded, 3 duplicate, 0 quarantined; 1 partitions touched");
        assertThat(scene.results().results().get(0).partitions()).containsExactly("ds=2026-11-01/hh=10");
        assertThat(scene.rows("SELECT url, hh FROM ods.ods_t2_access_hi ORDER BY line_number"))
                .containsExactly("/a|10", "/b|11", "/c|10");
        assertThat(scene.rows("SELECT COUNT(*) FROM ods.granary_quarantine WHERE source = 't2.access'"))
                .containsExactly("1");
        assertThat(scene.staged("t2")).isZero();
        assertThat(scene.account("t2.access")).containsExactly("10|3|2|0|1|0|0", "11|4|1|3|0|0|0");

        scene.landing("t2.access").chunk("web1", "f", 0, 1, ELEVEN, old).land(ELEVEN, AGENT + "3.avro");
        assertThat(scene.seal(0, "t2.access")).contains("0 loaded, 3 duplicate, 0 quarantined; 0 partitions touched");
    }

    @Test
    void aSealThatDiedIsFinishedUnderItsOwnIdWithTheSameResult() throws IOException {
        scene = new SealScene(home, access("t3.access"));
        scene.landing("t3.access")
                .chunk("web1", "f", 0, 1, TEN, hit("10:05:00", "/a") + "broken\n")
                .land(TEN, AGENT + "1.avro");
        scene.seal(0, "t3.access");
        List<String> before = scene.everything("t3.access", "ods.ods_t3_access_hi");
        Path record = scene.records("t3.access").get(0);
        Files.writeString(record, Files.readString(record).replace("\"done\"", "\"planned\""));
        // Hadoop's checksum of the content before
        Files.deleteIfExists(record.resolveSibling("." + record.getFileName() + ".crc"));
        scene.landing("t3.access")
                .chunk("web1", "g", 0, 1, TEN, hit("10:07:00", "/new"))
                .land(TEN, AGENT + "2.avro");

        assertThat(scene.seal(0, "t3.access"))
                .contains("t3.access: 2 files, 3 lines read: 2 loaded, 0 duplicate, 1 quarantined");
        assertThat(Files.readString(record)).contains("\"done\"");
        assertThat(scene.everything("t3.access", "ods.ods_t3_access_hi")).containsAll(before.subList(0, 2));
    }

    @Test
    void anAccountThatDoesNotBalancePublishesNothing() throws IOException {
        scene = new SealScene(home, access("t4.access"));
        scene.landing("t4.access")
                .chunk("web1", "f", 0, 1, 3, TEN, hit("10:05:00", "/a") + hit("10:06:00", "/b"))
                .land(TEN, AGENT + "1.avro");

        assertThat(scene.seal(1, "t4.access"))
                .contains("does not balance, so nothing was published")
                .contains(
                        "host web1, file f, collected 2026-11-01 hour 10: read_lines 3, loaded 2, duplicate 0, quarantined 0");
        assertThat(scene.rows("SELECT COUNT(*) FROM ods.ods_t4_access_hi")).containsExactly("0");
        assertThat(scene.results().results().get(0).status()).isEqualTo(RunResults.Status.ERROR);
        assertThat(scene.staged("t4")).isZero();
    }

    @Test
    void openFilesAndThoseOfDeadAgentsAreReadAsFarAsTheyGo() throws IOException {
        scene = new SealScene(home, access("t5.access"));
        String whole = hit("10:05:00", "/a");
        scene.landing("t5.access")
                .chunk("web1", "f", 0, 1, TEN, whole)
                .chunk("web1", "f", whole.length(), 2, TEN, hit("10:06:00", "/torn"))
                .landTorn(TEN, "web1-1761000000000.7.avro.tmp", 20);
        Path headless = scene.landing("t5.access").landTorn(TEN, "web1-1761000000000.8.avro.tmp", 10);
        Files.write(headless, new byte[] {'O', 'b', 'j'});
        Path open = scene.landing("t5.access")
                .chunk("web1", "f", whole.length(), 2, TEN, hit("10:06:00", "/torn"))
                .land(TEN, AGENT + "9.avro.tmp");
        Files.write(open.resolveSibling(AGENT + "8.avro"), new byte[0]);

        assertThat(scene.seal(0, "t5.access")).contains("2 files, 2 lines read: 2 loaded");
        Files.move(open, open.resolveSibling(AGENT + "9.avro"));
        assertThat(scene.seal(0, "t5.access")).contains("nothing new");
        assertThat(scene.rows("SELECT url FROM ods.ods_t5_access_hi ORDER BY line_number"))
                .containsExactly("/a", "/torn");
    }

    @Test
    void sealsAllLogSourcesJsonAmongThem() throws IOException {
        scene = new SealScene(home, access("t7.access"), json("t6.ad"));
        scene.landing("t6.ad")
                .chunk(
                        "ad1",
                        "f",
                        0,
                        1,
                        TEN,
                        "{\"event_id\":\"e1\",\"event_at\":\"2026-11-01T10:05:00.123Z\",\"clicks\":3}\n"
                                + "{\"event_id\":\"e2\"}\n")
                .land(TEN, "ad1-1762000000000.1.avro");
        for (int i = 0; i < 30; i++) {
            scene.landing("t7.access")
                    .chunk("web" + i, "f", 0, 1, i % 2 == 0 ? TEN : ELEVEN, hit("10:05:00", "/" + i))
                    .land(i % 2 == 0 ? TEN : ELEVEN, "web" + i + "-1762000000000.1.avro");
        }

        assertThat(scene.seal(0))
                .contains("t7.access: 30 files, 30 lines read: 30 loaded")
                .contains("t6.ad: 1 files, 2 lines read: 1 loaded, 0 duplicate, 1 quarantined");
        assertThat(scene.rows("SELECT event_id, clicks, ds, hh FROM ods.ods_t6_ad_hi"))
                .containsExactly("e1|3|2026-11-01|10");
        assertThat(scene.rows("SELECT reason FROM ods.granary_quarantine WHERE source = 't6.ad'"))
                .containsExactly("field event_at is missing");
    }

    @Test
    void anUnknownSourceIsNamed() throws IOException {
        scene = new SealScene(home, access("t8.access"));
        assertThat(scene.seal(1, "t8.nothing")).contains("there is no source 't8.nothing'; log sources: t8.access");
    }

    @Test
    void directivesOfAW3cLogAreSkippedAndNeitherLoadedNorQuarantined() throws IOException {
        scene = new SealScene(home, SealScene.source("t9.access", "w3c: date time cs-method cs-uri-stem", List.of()));
        String head = "#Software: Some Server\n#Fields: date time cs-method cs-uri-stem\n";
        String again = "#Date: 2026-11-01 10:20:00\n";
        scene.landing("t9.access")
                .chunk("web1", "f", 0, 1, TEN, head + "2026-11-01 10:05:00 GET /a\n" + again + "broken\n")
                .land(TEN, AGENT + "1.avro");
        assertThat(scene.seal(0, "t9.access")).contains("5 lines read: 1 loaded, 0 duplicate, 1 quarantined");
        assertThat(scene.account("t9.access")).containsExactly("10|5|1|0|1|0|0");
        assertThat(scene.rows("SELECT hh, skipped FROM ods.granary_log_account WHERE source = 't9.access'"))
                .containsExactly("10|3");
        assertThat(scene.rows("SELECT line_number FROM ods.ods_t9_access_hi")).containsExactly("3");
    }

    @Test
    void changedRowsOfAPolledTableAreSealedAsLinesOfALog() throws IOException {
        scene = new SealScene(
                home,
                SealScene.source(
                        "t10.change",
                        "json",
                        "_change_at",
                        List.of(
                                new ColumnNode("_sequence", "bigint", true, "Number."),
                                new ColumnNode("_change_at", "timestamp", true, "Time."),
                                new ColumnNode("_deleted", "boolean", true, "Gone."),
                                new ColumnNode("amount", "decimal(30,10)", false, "Amount."))));
        String row = "{\"_sequence\":%d,\"_change_at\":\"2026-11-01T10:%s\",\"_deleted\":%s,\"id\":7,\"amount\":%s}\n";
        scene.landing("t10.change")
                .chunk(
                        "web1",
                        "f",
                        0,
                        1,
                        TEN,
                        row.formatted(1, "05:00Z", false, "12345678901234567890.0123456789")
                                + row.formatted(2, "05:00.000001Z", true, "null"))
                .land(TEN, AGENT + "1.avro");
        assertThat(scene.seal(0, "t10.change")).contains("2 lines read: 2 loaded, 0 duplicate, 0 quarantined");
        assertThat(scene.rows("SELECT _sequence, _change_at, _deleted, amount, ds, hh FROM ods.ods_t10_change_hi"
                        + " ORDER BY _sequence"))
                .containsExactly(
                        "1|2026-11-01 10:05:00.0|false|12345678901234567890.0123456789|2026-11-01|10",
                        "2|2026-11-01 10:05:00.000001|true|null|2026-11-01|10");
    }
}
