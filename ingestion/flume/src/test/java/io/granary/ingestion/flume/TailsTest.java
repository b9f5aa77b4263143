package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flume.Context;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a file between the look that finds it and the read. */
class TailsTest {
    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();
    private final Map<String, String> sent = new HashMap<>();
    private Instant now = Instant.parse("2026-11-01T10:00:00Z");
    private Path log;
    private Tails tails;

    @BeforeEach
    void tails() {
        log = folder.resolve("access.log");
        TailSettings settings = TailSettings.of(new Context(Map.of(
                "source", "traffic.access_log",
                "region", "north",
                "host", "web-1",
                "files", "f1",
                "files.f1.site", "demo-shop",
                "files.f1.glob", log + "*",
                "positionFile", folder.resolve("positions.json").toString(),
                "maxLineBytes", "1024",
                "chunkBytes", "1024")));
        tails = new Tails(settings, new Generations(Map.of(), settings.partitions()), new Complaints(said::add));
    }

    /** Once what was written after the cut is longer than what was there before, and once it is shorter. */
    @ParameterizedTest
    @ValueSource(strings = {"3 third\n", "3 third, and longer than all before\n4 fourth\n"})
    void aFileThatIsCutBeforeItsFirstReadIsNotTakenForWhatItWas(String after) throws IOException {
        Files.writeString(log, "1 first\n2 second\n");
        tails.scan(now);
        List<Tail> ready = tails.ready(now);
        assertThat(ready).hasSize(1);
        String before = ready.get(0).file();

        copyAndCut(after);
        assertThat(tails.next(ready.get(0), now)).isEmpty();

        readAll();
        assertThat(sent).containsEntry(before, "1 first\n2 second\n").hasSize(2);
        assertThat(sent.values()).contains(after);
        assertThat(tails.losses()).isEmpty();
        assertThat(said).isEmpty();
    }

    @Test
    void aLongLineThatIsCutBeforeItsFirstReadIsNotTakenForAnother() throws IOException {
        Files.writeString(log, "1".repeat(2000) + "\n");
        tails.scan(now);
        List<Tail> ready = tails.ready(now);
        String before = ready.get(0).file();

        copyAndCut("2".repeat(3000) + "\n");
        assertThat(tails.next(ready.get(0), now)).isEmpty();

        readAll();
        assertThat(sent).containsEntry(before, "1".repeat(256)).hasSize(2).containsValue("2".repeat(256));
        assertThat(tails.losses()).isEmpty();
    }

    private void copyAndCut(String after) throws IOException {
        Files.copy(log, folder.resolve("access.log.1"));
        Files.writeString(log, after);
    }

    private void readAll() {
        for (int i = 0; i < 4; i++) {
            now = now.plusMillis(100);
            tails.scan(now);
            for (Tail tail : tails.ready(now)) {
                for (Optional<Piece> piece = tails.next(tail, now); piece.isPresent(); piece = tails.next(tail, now)) {
                    sent.merge(piece.get().id(), new String(piece.get().body()), String::concat);
                    tails.commit(tail);
                }
            }
        }
    }
}
