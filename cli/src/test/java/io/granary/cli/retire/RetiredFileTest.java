package io.granary.cli.retire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.cli.retire.Holdings.HeldTable;
import io.granary.cli.retire.Holdings.ShareTable;
import io.granary.tablestore.TableFootprint;
import io.granary.tablestore.TableName;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written down about a subject, and how two looks at the stores are compared. */
class RetiredFileTest {
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final Retired ADS = new Retired(
                    Retired.VERSION,
                    "ads",
                    Stage.STOPPING,
                    "local",
                    30,
                    "aa",
                    "bb",
                    Map.of(ManifestParts.MODELS, "cc"),
                    Map.of(),
                    new Holdings(
                            List.of(
                                    new HeldTable("ads.x", "granary_retired.ads__x", 2, "dd"),
                                    new HeldTable("ads.y", "granary_retired.ads__y", null, null)),
                            List.of(new ShareTable("share", "x", "granary_retired__x", "export.ads.x")),
                            List.of("g:{*}:c:ads.click:*"),
                            List.of("ads.ad_event"),
                            List.of("/granary/landing/ads.ad_event"),
                            List.of("granary.ads.ad_event")))
            .at(Stage.QUARANTINED, AT);

    @TempDir
    Path folder;

    @Test
    void isReadAsItWasWritten() throws Exception {
        RetiredFile file = new RetiredFile(folder.resolve("ads/retired.yaml"));
        assertThat(file.read()).isEmpty();

        file.write(ADS);

        assertThat(file.read()).contains(ADS);
        assertThat(Files.readString(file.file()))
                .contains(
                        "# Back: granary retire ads --undo", "stage: quarantined", "quarantined: 2026-11-22T10:00:00Z");
        file.write(ADS.at(Stage.DROPPED, AT));
        assertThat(Files.readString(file.file())).contains("move subjects/ads").doesNotContain("--undo");
        assertThat(folder.resolve("ads")).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void theContractsExampleIsRead() throws Exception {
        String contracts = Files.readString(Path.of("../docs/contracts.md"));
        Matcher block = Pattern.compile("```yaml contract:retired\n(.*?)```", Pattern.DOTALL)
                .matcher(contracts);
        assertThat(block.find()).isTrue();
        RetiredFile file = new RetiredFile(folder.resolve("retired.yaml"));
        Files.writeString(file.file(), block.group(1));

        Retired read = file.read().orElseThrow();

        assertThat(read.stage()).isEqualTo(Stage.QUARANTINED);
        assertThat(read.restHashes()).containsOnlyKeys(ManifestParts.MODELS, ManifestParts.REST);
        assertThat(read.holdings().components()).containsExactly("flume", "streaming");
        file.write(read);
        assertThat(file.read()).contains(read);
    }

    @Test
    void aDamagedOneIsRefused() throws Exception {
        RetiredFile file = new RetiredFile(folder.resolve("retired.yaml"));
        Files.writeString(file.file(), "stage: [");
        assertThatThrownBy(file::read)
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("retired.yaml cannot be read");
        Files.writeString(file.file(), "retired_version: 2\n");
        assertThatThrownBy(file::read).isInstanceOf(GranaryException.class);
    }

    @Test
    void namesInTheSharingDatabaseFit() {
        assertThat(ShareTables.quarantined("x")).isEqualTo("granary_retired__x");
        String longName = "a".repeat(60);
        assertThat(ShareTables.quarantined(longName)).hasSize(64).isNotEqualTo(ShareTables.quarantined(longName + "b"));
    }

    @Test
    void whatOthersPublishMeanwhileIsNoChange() {
        Surroundings before = at("/w/dwd/t", "/w/dwd/t/v=1/ds=1", Set.of(1L, 2L));
        assertThat(holds(before, at("/w/dwd/t", "/w/dwd/t/v=1/ds=1", Set.of(1L, 2L, 3L))))
                .isTrue();
        assertThat(holds(before, at("/w/dwd/t", "/w/dwd/t/v=2/ds=1", Set.of(1L, 2L))))
                .isTrue();

        assertThat(holds(before, at("/w/dwd/t", "/w/dwd/other/v=2/ds=1", Set.of(1L, 2L))))
                .isFalse();
        assertThat(holds(before, at("/w/dwd/u", "/w/dwd/t/v=1/ds=1", Set.of(1L, 2L))))
                .isFalse();
        assertThat(holds(before, at("/w/dwd/t", null, Set.of(1L, 2L)))).isFalse();
        assertThat(holds(before, at("/w/dwd/t", "/w/dwd/t/v=1/ds=1", Set.of(1L))))
                .isFalse();
        assertThat(holds(before, new Surroundings(new TreeMap<>(), before.shareTables(), before.keys())))
                .isFalse();
        assertThat(holds(before, new Surroundings(before.tables(), new TreeSet<>(), before.keys())))
                .isFalse();
    }

    private static boolean holds(Surroundings before, Surroundings after) {
        Proof proof = new Proof();
        before.compare(after, proof);
        assertThat(proof.rows()).hasSize(3);
        return proof.holds();
    }

    private static Surroundings at(String table, String partition, Set<Long> keys) {
        TreeMap<String, String> partitions = new TreeMap<>();
        if (partition != null) {
            partitions.put("ds=1", partition);
        }
        TableFootprint footprint = new TableFootprint(TableName.parse("dwd.t"), false, table, partitions);
        return new Surroundings(new TreeMap<>(Map.of("dwd.t", footprint)), new TreeSet<>(Set.of("share.x")), keys);
    }
}
