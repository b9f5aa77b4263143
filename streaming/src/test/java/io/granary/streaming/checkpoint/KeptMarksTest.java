package io.granary.streaming.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Marks of more files than are written whole with each batch. */
class KeptMarksTest {
    private static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");
    private static final int FILES = 1200;

    @TempDir
    Path folder;

    @Test
    void aBatchWritesWhatHasChangedAndAllMarksAreReadAsTheyWere() throws IOException {
        Checkpoint checkpoint = checkpoint();
        Map<Long, Marks> written = new HashMap<>();
        Marks marks = Marks.NONE;
        for (int batch = 0; batch < 220; batch++) {
            // live files get lines, now and then one is new
            int from = batch == 0 ? 0 : batch / 10;
            int to = batch == 0 ? FILES : batch / 10 + 20;
            marks = marks.next(Map.of(0, (long) batch), lines(from, to, batch), NOW.plusSeconds(batch));
            checkpoint.write(marks, List.of(), 1);
            written.put(marks.batch(), marks);
            if (batch % 37 == 0) {
                // a process that starts knows what it reads
                checkpoint = checkpoint();
                marks = checkpoint.marks(batch).orElseThrow();
            }
        }

        Checkpoint reading = checkpoint();
        for (long batch = 120; batch < 220; batch++) {
            assertThat(reading.marks(batch).orElseThrow().counted())
                    .as("batch %d", batch)
                    .isEqualTo(written.get(batch).counted());
            assertThat(reading.marks(batch).orElseThrow().offsets())
                    .isEqualTo(written.get(batch).offsets());
        }
        assertThat(reading.marks(118)).isEmpty();
        assertThat(names("bases")).hasSizeBetween(3, 6);
        assertThat(Files.size(folder.resolve("granary/marks/219.json")))
                .isLessThan(Files.size(folder.resolve("granary/bases")
                                .resolve(names("bases").get(0)))
                        / 10);
    }

    @Test
    void aBaseThatNoMarksNameIsWrittenAgain() throws IOException {
        Marks first = Marks.NONE.next(Map.of(), lines(0, FILES, 0), NOW);
        checkpoint().write(first, List.of(), 1);
        // the process died between the two
        Files.delete(folder.resolve("granary/marks/0.json"));
        assertThat(checkpoint().marks(0)).isEmpty();
        Marks again = Marks.NONE.next(Map.of(1, 7L), lines(0, FILES + 5, 0), NOW);
        checkpoint().write(again, List.of(), 1);

        Marks read = checkpoint().marks(0).orElseThrow();
        assertThat(read.counted()).isEqualTo(again.counted());
        assertThat(read.offsets()).isEqualTo(Map.of("1", 7L));
    }

    @Test
    void aMissingBaseIsNamed() throws IOException {
        checkpoint().write(Marks.NONE.next(Map.of(), lines(0, FILES, 0), NOW), List.of(), 1);
        Files.delete(folder.resolve("granary/bases/0.json"));
        assertThatThrownBy(() -> checkpoint().marks(0))
                .hasMessageContaining("granary/bases/0.json is missing")
                .hasMessageContaining("To count again from the start of the topic");
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(folder.toUri().toString(), new Configuration());
    }

    private List<String> names(String of) throws IOException {
        try (Stream<Path> found = Files.list(folder.resolve("granary").resolve(of))) {
            return found.map(p -> p.getFileName().toString())
                    .filter(n -> !n.startsWith("."))
                    .toList();
        }
    }

    private static Map<FileKey, Intervals> lines(int from, int to, int batch) {
        Map<FileKey, Intervals> lines = new HashMap<>();
        for (int i = from; i < to; i++) {
            Intervals part = new Intervals();
            part.add(batch * 100L, batch * 100L + 100);
            lines.put(new FileKey("eu", "web-" + i % 40, "65024.2196992-b89744506f64" + i), part);
        }
        return lines;
    }
}
