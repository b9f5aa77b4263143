package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsWhatItWrote() throws IOException {
        Map<String, Position> positions = new LinkedHashMap<>();
        positions.put(
                "1.2-ab",
                new Position(
                        Path.of("/logs/a \"b\".log"),
                        5_000_000_000L,
                        7,
                        3,
                        true,
                        false,
                        Trail.of(new byte[] {0, -1, '\n'}, 0, 3),
                        new Inode(3, 4),
                        new Position.Mark(3, Trail.of(new byte[] {7}, 0, 1)),
                        null,
                        new Position.Mark(5_000_000_009L, Trail.of(new byte[] {8}, 0, 1))));
        positions.put(
                "5f2a",
                new Position(
                        Path.of("/inbox/x/5f2a.log"), 0, 0, 0, true, true, Trail.NONE, null, null, "1.2-ab", null));
        PositionFile file = new PositionFile(folder.resolve("positions.json"));
        file.save(new PositionFile.Saved(positions, 17));
        assertThat(file.load().positions()).containsExactlyEntriesOf(positions);
        assertThat(file.load().agent()).isEqualTo(17);
    }

    @Test
    void readsTheFormOfTheContract() throws IOException {
        String contracts = Files.readString(Path.of("../../docs/contracts.md"));
        int start = contracts.indexOf("```json contract:positions\n");
        String block = contracts.substring(contracts.indexOf('\n', start) + 1, contracts.indexOf("\n```\n", start));
        Path file = Files.writeString(folder.resolve("positions.json"), block);
        assertThat(new PositionFile(file).load().positions())
                .containsExactly(Map.entry(
                        "65024.2196992-b89744506f647b40",
                        new Position(
                                Path.of("/logs/access.log"),
                                1_303_400,
                                6000,
                                1,
                                false,
                                false,
                                Trail.NONE,
                                null,
                                null,
                                null,
                                null)));
    }
}
