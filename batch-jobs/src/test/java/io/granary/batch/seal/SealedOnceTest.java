package io.granary.batch.seal;

import static io.granary.batch.seal.SealScene.access;
import static io.granary.batch.seal.SealScene.hit;
import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.manifest.SourceNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every line once, whatever comes again, comes late, is still open, or dies. */
class SealedOnceTest {
    private static final Instant TEN = Instant.parse("2026-11-01T10:30:00Z");
    private static final Instant ELEVEN = Instant.parse("2026-11-01T11:30:00Z");

    @TempDir
    private Path home;

    private static final String A = hit("10:05:00", "/a");
    private static final String B = hit("10:05:00", "/b");
    private static final String C = hit("11:05:00", "/c");

    @Test
    void anOpenFileIsReadAsItGrowsAndAfterItIsClosed() throws IOException {
        SealScene scene = new SealScene(home, access("o1.access"));
        LandedChunks landed = scene.landing("o1.access").chunk("web1", "f", 0, 1, TEN, A);
        Path open = landed.land(TEN, "web1.1.avro.tmp");
        assertThat(scene.seal(0, "o1.access")).contains("1 files, 1 lines read: 1 loaded");
        assertThat(scene.seal(0, "o1.access")).contains("nothing new");

        landed.chunk("web1", "f", A.length(), 2, TEN, B).landTorn(TEN, "web1.1.avro.tmp", 3);
        assertThat(scene.seal(0, "o1.access")).contains("nothing new");
        landed.land(TEN, "web1.1.avro.tmp");
        assertThat(scene.seal(0, "o1.access")).contains("1 files, 1 lines read: 1 loaded");

        landed.chunk("web1", "f", A.length() + B.length(), 3, TEN, C).land(TEN, "web1.1.avro");
        Files.delete(open);
        assertThat(scene.seal(0, "o1.access")).contains("1 files, 1 lines read: 1 loaded, 0 duplicate");
        assertThat(scene.seal(0, "o1.access")).contains("nothing new");

        assertThat(scene.rows("SELECT url, line_number FROM ods.ods_o1_access_hi ORDER BY 2"))
                .containsExactly("/a|1", "/b|2", "/c|3");
        assertThat(scene.account("o1.access")).containsExactly("10|3|3|0|0|0|0");
        assertThat(sealed(scene, "o1.access")).containsExactly("f|0|" + (A + B + C).length() + "|1|3");
        List<Path> records = scene.records("o1.access");
        assertThat(Files.readString(records.get(records.size() - 1))).contains("\"from\"", "web1.1.avro\"", "\"copy\"");
        assertThat(scene.seals("o1.access").toFile().listFiles(f -> f.isDirectory()))
                .isEmpty();
    }

    @Test
    void aLateChunkFillsAGapAndNothingComesTwice() throws IOException {
        SealScene scene = new SealScene(home, access("o2.access"));
        scene.landing("o2.access")
                .chunk("web1", "f", 0, 1, TEN, A)
                .chunk("web1", "f", (A + B).length(), 3, ELEVEN, C)
                .land(TEN, "web1.1.avro");
        assertThat(scene.seal(0, "o2.access")).contains("3 lines read: 2 loaded", ", 1 missing;");
        assertThat(sealed(scene, "o2.access"))
                .containsExactly(
                        "f|0|" + A.length() + "|1|1", "f|" + (A + B).length() + "|" + (A + B + C).length() + "|3|3");
        assertThat(scene.account("o2.access")).containsExactly("10|1|1|0|0|0|0", "11|2|1|0|0|0|1");

        scene.landing("o2.access").chunk("web1", "f", 0, 1, TEN, A + B + C).land(TEN, "web1.2.avro");
        assertThat(scene.seal(0, "o2.access")).contains("2 lines read: 1 loaded, 2 duplicate");
        assertThat(sealed(scene, "o2.access")).containsExactly("f|0|" + (A + B + C).length() + "|1|3");
        assertThat(scene.account("o2.access")).containsExactly("10|4|2|2|0|0|0", "11|1|1|0|0|0|0");
        assertThat(scene.rows("SELECT line_number FROM ods.ods_o2_access_hi ORDER BY 1"))
                .containsExactly("1", "2", "3");
    }

    @Test
    void lossAndLinesThatAreTooLongAreAccountedFor() throws IOException {
        SealScene scene = new SealScene(home, access("o3.access"));
        long end = A.length();
        for (int time = 1; time <= 2; time++) {
            scene.landing("o3.access")
                    .chunk("web1", "f", 0, 1, TEN, A)
                    .oversize("web1", "f", end, end + 900_000, 2, TEN, "1.2.3.4 - - very long")
                    .chunk("web1", "f", end + 900_000, 3, TEN, B)
                    .loss("web1", "f", end + 900_000 + B.length(), end + 901_000, 4, 7, TEN)
                    .land(TEN, "web1." + time + ".avro");
            assertThat(scene.seal(0, "o3.access"))
                    .contains(
                            time == 1
                                    ? "10 lines read: 2 loaded, 0 duplicate, 1 quarantined, 7 lost;"
                                    : "10 lines read: 0 loaded, 10 duplicate, 0 quarantined;");
        }
        assertThat(scene.rows(
                        "SELECT line_offset, line_number, reason, DECODE(line, 'UTF-8') FROM ods.granary_quarantine"
                                + " WHERE source = 'o3.access'"))
                .containsExactly(end + "|2|line is longer than the agent's limit: 900000 bytes, offsets " + end + " to "
                        + (end + 900_000) + "|1.2.3.4 - - very long");
        assertThat(sealed(scene, "o3.access")).containsExactly("f|0|" + (end + 901_000) + "|1|10");
        assertThat(scene.account("o3.access")).containsExactly("10|20|2|10|1|7|0");
    }

    @Test
    void aHomeThatWasSealedBeforeThereWereIntervalsKeepsWhatItHas() throws IOException {
        SealScene scene = new SealScene(home, access("o4.access"));
        scene.landing("o4.access")
                .chunk("web1", "f", 0, 1, TEN, A + "broken\n" + B)
                .land(TEN, "web1.1.avro");
        scene.seal(0, "o4.access");
        scene.warehouse().spark().sql("ALTER TABLE ods.granary_log_sealed DROP PARTITION (source = 'o4.access')");
        Path record = scene.records("o4.access").get(0);
        String file = Files.readString(record)
                .replaceAll("(?s).*(\"path\" : \"[^\"]*\").*\"to\" : (\\d+).*", "$1, \"length\": $2");
        Files.deleteIfExists(record.resolveSibling("." + record.getFileName() + ".crc"));
        Files.writeString(
                record,
                "{\"seal_version\": 1, \"run_id\": \""
                        + record.getFileName().toString().replace(".json", "")
                        + "\", \"source\": \"o4.access\", \"state\": \"done\", \"files\": [{" + file + "}]}");

        scene.landing("o4.access")
                .chunk("web1", "f", A.length(), 2, TEN, "broken\n" + B + C)
                .land(TEN, "web1.2.avro");
        assertThat(scene.seal(0, "o4.access")).contains("1 files, 3 lines read: 1 loaded, 2 duplicate, 0 quarantined");
        assertThat(sealed(scene, "o4.access")).containsExactly("f|0|" + (A + "broken\n" + B + C).length() + "|1|4");
    }

    @Test
    void aSealThatDiesAfterAnyStepIsFinishedWithTheSameTables() throws IOException {
        SourceNode source = access("o5.access");
        SealScene scene = new SealScene(home, source);
        String lines = A + "broken\n" + B;
        long step = 0;
        for (List<SourceSeal.Step> deaths : deaths()) {
            LandedChunks landed =
                    scene.landing("o5.access").chunk("web1", "f", step * lines.length(), step * 3 + 1, ELEVEN, lines);
            if (step > 0) {
                landed.chunk("web1", "f", (step - 1) * lines.length(), step * 3 - 2, ELEVEN, lines + lines);
            }
            landed.land(ELEVEN, "web1." + step + (step % 2 == 0 ? ".avro" : ".avro.tmp"));
            deaths.forEach(last -> scene.die(source, last, (seal, landing) -> seal.run(null)));
            step++;
            scene.seal(0, "o5.access");

            String as = "after " + deaths;
            assertThat(scene.rows("SELECT COUNT(*), COUNT(DISTINCT line_number), MAX(line_number) FROM"
                            + " ods.ods_o5_access_hi"))
                    .as(as)
                    .containsExactly(2 * step + "|" + 2 * step + "|" + 3 * step);
            assertThat(scene.rows(
                            "SELECT COUNT(*), COUNT(DISTINCT line_offset) FROM ods.granary_quarantine WHERE source"
                                    + " = 'o5.access'"))
                    .as(as)
                    .containsExactly(step + "|" + step);
            long duplicates = 6 * (step - 1);
            assertThat(scene.account("o5.access"))
                    .as(as)
                    .containsExactly(
                            "11|" + (3 * step + duplicates) + "|" + 2 * step + "|" + duplicates + "|" + step + "|0|0");
            assertThat(sealed(scene, "o5.access"))
                    .as(as)
                    .containsExactly("f|0|" + step * lines.length() + "|1|" + 3 * step);
        }
        assertThat(scene.seal(0, "o5.access")).contains("nothing new");
        assertThat(scene.staged("o5")).isLessThanOrEqualTo(SourceSeal.Step.values().length * 2L);
    }

    /** For each seal, after which steps it dies, one after the other: what a try leaves is what the next one finds. */
    private static List<List<SourceSeal.Step>> deaths() {
        List<SourceSeal.Step> steps = List.of(SourceSeal.Step.values());
        if (Boolean.getBoolean("granary.faults.seal_steps")) {
            return steps.stream().map(List::of).toList();
        }
        int last = steps.indexOf(SourceSeal.Step.DONE); // nothing is left to do again
        return List.of(steps.subList(0, last), steps.subList(last, steps.size()));
    }

    private static List<String> sealed(SealScene scene, String source) {
        return new ArrayList<>(scene.rows("SELECT file, start_offset, end_offset, first_line, last_line FROM"
                + " ods.granary_log_sealed WHERE source = '" + source + "' ORDER BY 1, 2"));
    }
}
