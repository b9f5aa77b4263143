package io.granary.batch.seal;

import static io.granary.batch.seal.SealScene.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.RunId;
import io.granary.warehouse.manifest.SourceNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quarantined lines after their format was mended. */
class ReplayTest {
    private static final Instant TEN = Instant.parse("2026-11-01T10:30:00Z");
    private static final String GOOD = "{\"event_id\":\"e1\",\"event_at\":\"2026-11-01T10:05:00Z\"}\n";
    private static final String NO_ID = "{\"event_at\":\"2026-11-01T11:05:00Z\",\"clicks\":2}\n";

    @TempDir
    private Path home;

    @Test
    void goodLinesAreLoadedOnceAndTheOthersSayWhyNot() throws IOException {
        SealScene scene = new SealScene(home, json("r1.ad", true));
        land(scene, "r1.ad");
        assertThat(scene.seal(0, "r1.ad")).contains("4 lines read: 1 loaded, 0 duplicate, 3 quarantined");

        scene.manifest(json("r1.ad", false));
        assertThat(scene.seal(0, "--replay", "--dt", "2026-10-31", "r1.ad")).contains("nothing new");
        assertThat(scene.seal(0, "--replay", "r1.ad"))
                .contains("1 loaded, 0 duplicate, -1 quarantined; 1 partitions touched")
                .contains("still 1 lines: line is not a JSON object");
        assertThat(scene.rows("SELECT event_id, line_number, line_offset, clicks, hh FROM ods.ods_r1_ad_hi ORDER BY 2"))
                .containsExactly("e1|1|0|null|10", "null|2|" + GOOD.length() + "|2|11");
        assertThat(scene.rows("SELECT line_number, replayed_by IS NULL FROM ods.granary_quarantine WHERE source ="
                        + " 'r1.ad' ORDER BY 1"))
                .containsExactly("2|false", "3|true", "4|true");
        assertThat(scene.account("r1.ad")).containsExactly("10|4|2|0|2|0|0");
        assertThat(scene.seal(0, "--replay", "r1.ad")).doesNotContain("loaded, 0 duplicate, -1");
        assertThat(scene.account("r1.ad")).containsExactly("10|4|2|0|2|0|0");
    }

    @Test
    void aReplayThatDiesAfterAnyStepIsFinishedWithTheSameTables() throws IOException {
        List<SourceSeal.Step> steps = List.of(
                SourceSeal.Step.STAGED, SourceSeal.Step.QUARANTINE, SourceSeal.Step.ACCOUNT, SourceSeal.Step.ODS);
        for (int i = 0; i < steps.size(); i++) {
            String name = "r2" + (char) ('a' + i) + ".ad";
            SealScene scene = new SealScene(home, json(name, true));
            land(scene, name);
            scene.seal(0, name);
            scene.manifest(json(name, false));
            die(scene, json(name, false), steps.get(i));
            scene.seal(0, name);
            assertThat(scene.seal(0, "--replay", name)).doesNotContain("-1 quarantined");
            assertThat(scene.account(name)).as("after " + steps.get(i)).containsExactly("10|4|2|0|2|0|0");
            assertThat(scene.rows("SELECT line_number FROM ods.ods_" + name.replace('.', '_') + "_hi ORDER BY 1"))
                    .containsExactly("1", "2");
            assertThat(scene.rows("SELECT COUNT_IF(replayed_by IS NULL), COUNT(*) FROM ods.granary_quarantine WHERE"
                            + " source = '" + name + "'"))
                    .containsExactly("2|3");
        }
    }

    private static void land(SealScene scene, String source) throws IOException {
        long end = (GOOD + NO_ID + "broken\n").length();
        scene.landing(source)
                .chunk("ad1", "f", 0, 1, TEN, GOOD + NO_ID + "broken\n")
                .oversize("ad1", "f", end, end + 500_000, 4, TEN, "{\"event_at\":\"2026-11-01T11:05:00Z\"}")
                .land(TEN, "ad1.1.avro");
    }

    private static void die(SealScene scene, SourceNode source, SourceSeal.Step last) {
        scene.die(source, last, (seal, landing) -> {
            SealRecord record = Replay.plan(
                    source, RunId.next(Clock.systemUTC()), landing.seals().history(), List.of(), Instant.now());
            landing.seals().write(record);
            seal.replay(record);
        });
    }
}
