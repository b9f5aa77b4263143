package io.granary.ingestion.flume.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal after its writer died with any number of bytes on the disk. */
class JournalTest {
    private static final String FIRST = "{\"_sequence\":1}\n{\"_sequence\":2}\n";
    private static final String SECOND = "{\"_sequence\":3}\n";

    @TempDir
    private Path folder;

    @Test
    void aBatchThatWasAppendedInPartIsWholeAgain() throws IOException {
        Path before = written(FIRST, SECOND);
        int length = (FIRST + SECOND).length();
        for (int cut = FIRST.length(); cut <= length; cut++) {
            Path now = copy(before, "part-" + cut);
            truncate(lines(now), cut);
            assertThat(read(now)).as("%d bytes of %d", cut, length).isEqualTo(FIRST + SECOND);
        }
    }

    @Test
    void aBatchThatWasNotWrittenAsideIsNotThere() throws IOException {
        Path before = written(FIRST);
        byte[] first = Files.readAllBytes(before.resolve("next"));
        byte[] second = Files.readAllBytes(written(FIRST, SECOND).resolve("next"));
        for (int cut = 0; cut < second.length; cut++) {
            Path now = copy(before, "aside-" + cut);
            byte[] torn = Arrays.copyOf(second, Math.max(cut, first.length));
            System.arraycopy(
                    first,
                    Math.min(cut, first.length),
                    torn,
                    Math.min(cut, first.length),
                    first.length - Math.min(cut, first.length));
            Files.write(now.resolve("next"), torn);
            assertThat(read(now)).as("%d bytes of %d", cut, second.length).isEqualTo(FIRST);
        }
    }

    @Test
    void whatSomethingElseHasCutIsRefused() throws IOException {
        Path now = written(FIRST, SECOND);
        truncate(lines(now), 5);
        assertThatThrownBy(() -> read(now))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is 5 bytes long, and the agent wrote " + FIRST.length())
                .hasMessageContaining("remove the folder");
        Path without = written(FIRST);
        Files.delete(seen(without));
        assertThatThrownBy(() -> read(without)).hasMessageContaining("has lines, and no");
        Path broken = written(FIRST);
        Files.write(seen(broken), new byte[] {0, 0, 0, 1, 7});
        assertThatThrownBy(() -> read(broken)).hasMessageContaining("is broken");
    }

    @Test
    void filesThatAreSentGoButTheNewestOne() throws IOException {
        try (Journal journal = new Journal(folder.resolve("j"), 10)) {
            journal.open();
            Map<String, Memory.Seen> rows = Map.of("[1]", new Memory.Seen(7, 8));
            journal.append(FIRST.getBytes(StandardCharsets.UTF_8));
            assertThat(journal.isFull()).isTrue();
            journal.rotate(new Snapshot(2, 8L, new Bound(3, "[\"a\"]"), rows));
            assertThat(journal.removeSent(file -> 0)).isEqualTo(FIRST.length());
            journal.append(SECOND.getBytes(StandardCharsets.UTF_8));
            assertThat(journal.removeSent(file ->
                            file.getFileName().toString().endsWith("1.jsonl") ? FIRST.length() : SECOND.length()))
                    .isZero();
        }
        try (Stream<Path> files = Files.list(folder.resolve("j"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("00000000000000000003.jsonl", "00000000000000000003.seen", "next");
        }
        try (Journal journal = new Journal(folder.resolve("j"), 10)) {
            Snapshot known = journal.open();
            assertThat(known)
                    .isEqualTo(new Snapshot(2, 8L, new Bound(3, "[\"a\"]"), Map.of("[1]", new Memory.Seen(7, 8))));
            try (Journal second = new Journal(folder.resolve("j"), 10)) {
                assertThatThrownBy(second::open).hasMessageContaining("another agent");
            }
        }
    }

    private int journals;

    private Path written(String... batches) throws IOException {
        Path place = folder.resolve("written-" + journals++);
        try (Journal journal = new Journal(place, 1 << 20)) {
            journal.open();
            for (String batch : batches) {
                journal.append(batch.getBytes(StandardCharsets.UTF_8));
            }
        }
        return place;
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return to;
    }

    private static void truncate(Path file, int length) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
    }

    private static Path lines(Path journal) {
        return journal.resolve("00000000000000000001.jsonl");
    }

    private static Path seen(Path journal) {
        return journal.resolve("00000000000000000001.seen");
    }

    private static String read(Path place) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Journal journal = new Journal(place, 1 << 20)) {
            journal.open();
            journal.replay(line -> lines.add(new String(line, StandardCharsets.UTF_8) + "\n"));
        }
        return String.join("", lines);
    }
}
