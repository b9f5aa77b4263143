package io.granary.streaming.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.store.Delta;
import io.granary.streaming.store.Epoch;
import io.granary.streaming.store.Slices;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");
    private static final FileKey F = new FileKey("r", "h", "f");
    private static final FileKey G = new FileKey("r", "h", "g");

    @TempDir
    Path folder;

    private Checkpoint checkpoint;

    @BeforeEach
    void open() {
        checkpoint = new Checkpoint(folder.toUri().toString(), new Configuration());
    }

    @Test
    void theEpochIsBornOnce() {
        Epoch epoch = checkpoint.epoch();

        assertThat(epoch.token()).hasSize(16);
        assertThat(epoch.generation()).isOne();
        assertThat(new Checkpoint(folder.toUri().toString(), new Configuration()).epoch())
                .isEqualTo(epoch);
        assertThat(checkpoint.nextEpoch(7).toString()).isEqualTo(epoch.token() + ".8");
        assertThat(checkpoint.epoch().generation()).isEqualTo(8);
    }

    /** Without its epoch a checkpoint would be another one, to which Redis does not belong. */
    @Test
    void theEpochIsNeverGoneWhenAProcessDiesAsItWritesTheNext() {
        Epoch epoch = checkpoint.epoch();
        Configuration dying = new Configuration();
        dying.set("fs.file.impl", Dying.class.getName());
        dying.setBoolean("fs.file.impl.disable.cache", true);
        Checkpoint of = new Checkpoint(folder.toUri().toString(), dying);

        assertThatThrownBy(() -> of.nextEpoch(7)).hasMessageContaining("died");
        assertThat(checkpoint.epoch()).isEqualTo(epoch);
        assertThat(checkpoint.nextEpoch(7).toString()).isEqualTo(epoch.token() + ".8");
    }

    /** Dies when a file is to come into its place. */
    static final class Dying extends LocalFileSystem {
        Dying() {
            super(new RawLocalFileSystem() {
                @Override
                public boolean rename(org.apache.hadoop.fs.Path file, org.apache.hadoop.fs.Path place)
                        throws IOException {
                    throw new IOException("died");
                }
            });
        }
    }

    @Test
    void marksAndDeltasComeBackAsTheyWere() {
        Marks marks =
                Marks.NONE.next(Map.of(0, 5L), Map.of(F, lines(0, 100)), NOW).withDimensions(Map.of("dim.d", "v7"));
        List<Delta> deltas =
                List.of(Delta.add(3, "k", "a|%00#n", -4, 60, 0), Delta.member(3, "s", "\u00e9\u0000\n\"", 60, 5));
        assertThat(checkpoint.isFresh()).isTrue();
        assertThatThrownBy(() -> checkpoint.write(marks, deltas, 1, () -> {
                    throw new IllegalStateException("died");
                }))
                .hasMessage("died");
        assertThat(checkpoint.isFresh()).isTrue();
        checkpoint.write(marks, deltas, 1);

        assertThat(checkpoint.isFresh()).isFalse();
        assertThat(checkpoint.marks(0)).contains(marks);
        assertThat(checkpoint.slices(0)).isEqualTo(Slices.of(deltas, 1));
        assertThat(checkpoint.marks(1)).isEmpty();
    }

    @Test
    void marksAreIntervalsAndNeverMoveBack() {
        Marks marks = Marks.NONE
                .next(Map.of(0, 5L), Map.of(F, lines(200, 300), G, lines(0, 7)), NOW)
                .next(Map.of(1, 2L), Map.of(F, lines(50, 60)), NOW)
                .next(Map.of(0, 4L), Map.of(F, lines(60, 200)), NOW);

        assertThat(marks.batch()).isEqualTo(2);
        assertThat(marks.offsets()).isEqualTo(Map.of("0", 5L, "1", 2L));
        assertThat(marks.counted()).isEqualTo(Map.of(F, lines(50, 300), G, lines(0, 7)));
    }

    @Test
    void filesAreForgottenAMonthAfterTheirLastLine() {
        Marks marks = Marks.NONE
                .next(Map.of(), Map.of(F, lines(0, 7), G, lines(0, 7)), NOW)
                .next(Map.of(), Map.of(G, lines(7, 9)), NOW.plus(Duration.ofDays(29)))
                .next(Map.of(), Map.of(), NOW.plus(Duration.ofDays(31)));

        assertThat(marks.counted()).isEqualTo(Map.of(G, lines(0, 9)));
    }

    @Test
    void oldFilesAreForgotten() throws IOException {
        Marks marks = Marks.NONE;
        for (int i = 0; i < 105; i++) {
            marks = marks.next(Map.of(), Map.of(), NOW);
            checkpoint.write(marks, List.of(), 1000);
        }

        // with those of the batch before that was stored whole
        assertThat(checkpoint.marks(3)).isEmpty();
        assertThat(checkpoint.marks(4)).isPresent();
        try (var deltas = Files.list(folder.resolve("granary/deltas"))) {
            assertThat(deltas.map(p -> p.getFileName().toString()).filter(n -> !n.startsWith(".")))
                    .containsExactlyInAnyOrder("102.lz4", "103.lz4", "104.lz4");
        }
    }

    @Test
    void aCheckpointThatIsNotWholeIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("commits"));
        Files.writeString(folder.resolve("commits/0"), "v1\n{}");
        Files.writeString(folder.resolve("commits/1"), "v1\n{}");
        assertThatThrownBy(checkpoint::verify)
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("Spark committed batch 1, but the newest marks are of batch -1")
                .hasMessageContaining("To count again from the start of the topic")
                .hasMessageContaining("g:epoch:" + folder.getFileName())
                .hasMessageContaining("granary counters count");

        Marks two = Marks.NONE.next(Map.of(), Map.of(), NOW).next(Map.of(), Map.of(), NOW);
        checkpoint.write(two, List.of(), 1);
        checkpoint.verify();
        checkpoint.write(two.next(Map.of(), Map.of(), NOW), List.of(), 1);
        checkpoint.verify();
        checkpoint.write(two.next(Map.of(), Map.of(), NOW).next(Map.of(), Map.of(), NOW), List.of(), 1);
        assertThatThrownBy(checkpoint::verify).isInstanceOf(GranaryException.class);
    }

    @Test
    void aBrokenFileIsNamed() throws IOException {
        Files.createDirectories(folder.resolve("granary/marks"));
        Files.writeString(folder.resolve("granary/marks/3.json"), "{\"batch\": ");

        assertThatThrownBy(() -> checkpoint.marks(3))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("granary/marks/3.json is broken");
    }

    private static Intervals lines(long start, long end) {
        Intervals lines = new Intervals();
        lines.add(start, end);
        return lines;
    }
}
