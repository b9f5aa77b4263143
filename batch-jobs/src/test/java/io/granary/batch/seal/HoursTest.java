package io.granary.batch.seal;

import static io.granary.batch.seal.SealScene.access;
import static io.granary.batch.seal.SealScene.hit;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What agents report, and when an hour is complete. */
class HoursTest {
    private static final Instant NOW = Instant.now();
    /** In an hour whose deadline has passed. */
    private static final Instant THEN = NOW.truncatedTo(ChronoUnit.HOURS).minus(Duration.ofMinutes(150));

    private static final CollectedHour HOUR = new CollectedHour(THEN);
    private static final String A = hit("10:05:00", "/a");
    private static final String B = hit("10:06:00", "/b");

    @TempDir
    private Path home;

    @Test
    void anHourIsCompleteWhenEveryHostHasReportedAndAllIsThere() throws IOException {
        SealScene scene = new SealScene(home, access("h1.access"));
        scene.landing("h1.access").chunk("web1", "f", 0, 1, THEN, A + B).land(THEN, "web1.1.avro");
        scene.landing("h1.access")
                .heartbeat("web1", 100, 1, THEN, false, "f:" + (A + B).length() + ":2")
                .heartbeat("web1", 100, 2, Instant.now().plusSeconds(60), false)
                .landHeartbeats(THEN, "web1.1.avro.tmp");

        assertThat(scene.seal(0, "--wait", "20s", "h1.access")).contains("2 lines read: 2 loaded");
        assertThat(scene.run(AccountCommand::new, 0, "h1.access", "--by", "hour", "--output", "csv"))
                .isEqualTo(
                        "source,dt,hh,read,loaded,duplicate,quarantined,lost,missing,skipped,balance,state,waits_for\n"
                                + "h1.access," + HOUR.dt() + "," + HOUR.hh() + ",2,2,0,0,0,0,0,ok,complete,\n");
        assertThat(scene.run(AccountCommand::new, 0, "--dt", HOUR.dt(), "--by", "file"))
                .contains("web1")
                .contains("ok");
    }

    @Test
    void whatIsMissingAtTheDeadlineIsCountedAndLateLinesReopenTheHour() throws IOException {
        SealScene scene = new SealScene(home, access("h2.access"));
        long whole = (A + B).length();
        scene.landing("h2.access").chunk("web1", "f", 0, 1, THEN, A).land(THEN, "web1.1.avro");
        scene.landing("h2.access")
                .heartbeat("web1", 100, 1, THEN, false, "f:" + whole + ":2", "inbox/i:50:3")
                .heartbeat("web1", 100, 2, NOW, true)
                .landHeartbeats(THEN, "web1.1.avro.tmp");

        assertThat(scene.seal(1, "--wait", "1s", "--deadline", "500h", "h2.access"))
                .contains("1 lines read: 1 loaded")
                .contains("not all has landed; what has, is sealed:")
                .contains("host web1, file f: landed up to byte " + A.length() + " of " + whole
                        + ", lines 2 to 2 are missing (1 in all)")
                .contains("host inbox, file i: landed up to byte 0 of 50, lines 1 to 3 are missing (3 in all)");
        assertThat(scene.run(AccountCommand::new, 0, "h2.access", "--by", "hour"))
                .contains("open");

        assertThat(scene.seal(0, "h2.access"))
                .contains("warning: hour " + HOUR + " UTC is closed, but not complete")
                .contains("4 missing");
        assertThat(scene.account("h2.access")).containsExactly(HOUR.hh() + "|5|1|0|0|0|4");
        assertThat(scene.run(AccountCommand::new, 1, "h2.access", "--by", "hour"))
                .contains("incomplete")
                .contains("hour " + HOUR + " UTC is not complete");
        assertThat(scene.seal(0, "h2.access")).contains("nothing new").doesNotContain("warning");

        scene.landing("h2.access")
                .chunk("web1", "f", A.length(), 2, THEN, B)
                .chunk("inbox", "i", 0, 1, 3, THEN, "x\ny\nz\n")
                .land(THEN, "web1.2.avro");
        assertThat(scene.seal(0, "h2.access"))
                .contains("0 lines read: 1 loaded, 0 duplicate, 3 quarantined, -4 missing; 1 partitions touched");
        assertThat(scene.account("h2.access")).containsExactly(HOUR.hh() + "|5|2|0|3|0|0");
        assertThat(scene.run(AccountCommand::new, 0, "h2.access", "--by", "hour"))
                .contains("complete");
    }

    @Test
    void aSilentHostIsNamedAndOneThatStoppedIsNotWaitedFor() throws IOException {
        SealScene scene = new SealScene(home, access("h3.access"));
        Instant before = Instant.now().minusSeconds(300);
        scene.landing("h3.access").chunk("web1", "f", 0, 1, before, A).land(before, "web1.1.avro");
        scene.landing("h3.access")
                .heartbeat("web1", 100, 1, before, false)
                .heartbeat("web2", 100, 1, before, true)
                .landHeartbeats(before, "web1.1.avro");

        assertThat(scene.seal(1, "--wait", "1s", "h3.access"))
                .contains("1 lines read: 1 loaded")
                .contains("host web1 is silent since ")
                .doesNotContain("web2");
        scene.landing("h3.access")
                .heartbeat("web1", 100, 2, before.plusSeconds(2), true)
                .landHeartbeats(before, "web1.2.avro");
        scene.seal(0, "--wait", "1s", "h3.access");
    }

    @Test
    void twoAgentsUnderOneNameAreNamed() throws IOException {
        SealScene scene = new SealScene(home, access("h4.access"));
        Instant at = Instant.now().minusSeconds(30);
        scene.landing("h4.access")
                .heartbeat("web1", 1_700_000_000_000L, 1, at, false)
                .heartbeat("web1", 1_700_000_001_000L, 1, at.plusSeconds(1), false)
                .heartbeat("web1", 1_700_000_000_000L, 2, at.plusSeconds(2), false)
                .landHeartbeats(at, "web1.1.avro.tmp");
        assertThat(scene.seal(1, "h4.access"))
                .contains("two agents report as host web1 at once")
                .contains("1700000000000")
                .contains("1700000001000");
    }

    @Test
    void anAgentThatStartsAgainIsNoSecondOne() throws IOException {
        SealScene scene = new SealScene(home, access("h5.access"));
        Instant at = Instant.now().minusSeconds(30);
        scene.landing("h5.access")
                .heartbeat("web1", 1_700_000_001_000L, 7, at, false)
                .heartbeat("web1", 1_700_000_002_000L, 1, at.plusSeconds(3), false)
                .heartbeat("web1", 1_700_000_003_000L, 1, at.plusSeconds(6), false)
                .landHeartbeats(at, "web1.1.avro.tmp");
        scene.seal(0, "h5.access");
    }
}
