package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One case each of what {@link RotationTest} does at random, and cases that are rare. */
class LogTailRotationTest {
    @TempDir
    private Path folder;

    private Rig rig;

    @BeforeEach
    void rig() throws IOException {
        rig = new Rig(folder);
    }

    @Test
    void aRenamedFileIsFollowed() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        Files.move(rig.log("access.log"), rig.log("access.log.1"));
        rig.append("access.log.1", "b\n");
        rig.drain();

        assertThat(rig.text()).isEqualTo("a\nb\n");
        assertThat(rig.files()).hasSize(1);
    }

    @Test
    void aRenamedFileIsReadToItsEndAlthoughItsNewNameDoesNotMatch() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        Files.move(rig.log("access.log"), rig.log("old.txt"));
        rig.append("old.txt", "b\n");
        rig.append("access.log", "c\n");
        rig.drain();
        rig.append("old.txt", "d\n");
        rig.drain();

        assertThat(rig.files().values()).containsExactlyInAnyOrder("a\nb\nd\n".getBytes(), "c\n".getBytes());
    }

    /** Several names, since a folder lists its files in any order: the copy may be seen first. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void anAgentThatStartsBetweenTheCopyAndTheCutTakesTheCopyForOne(int number) throws IOException {
        rig.append("access.log", "1 first\n2 second\n");
        rig.start().drain();
        rig.append("access.log", "3 third\n");
        rig.drain();
        rig.kill();
        rig.append("access.log", "4 fourth\n");
        Files.copy(rig.log("access.log"), rig.log("access.log." + number));
        rig.start().tick();
        Files.write(rig.log("access.log"), new byte[0]);
        rig.append("access.log", "5 fifth\n");
        for (int i = 0; i < 4; i++) {
            rig.drain();
            rig.pass(Rig.CLOSE);
        }
        rig.drain();
        assertThat(rig.sent).extracting(s -> s.header("kind")).doesNotContain("loss");
        assertThat(rig.files().values())
                .containsExactlyInAnyOrder("1 first\n2 second\n3 third\n4 fourth\n".getBytes(), "5 fifth\n".getBytes());
    }

    @Test
    void aFileRenamedWhileNoAgentRanIsFoundAgain() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        rig.stop();
        rig.append("access.log", "b\n");
        Files.move(rig.log("access.log"), rig.log("old.txt"));
        rig.append("access.log", "c\n");
        rig.start().drain();

        assertThat(rig.text()).isEqualTo("a\nc\nb\n");
        assertThat(rig.sent.get(2).header("first_line")).isEqualTo("2");
        rig.pass(Rig.CLOSE);
        rig.drain();
        rig.stop();
        assertThat(Files.readString(rig.positions)).contains("\"gone\":true");
    }

    @Test
    void theOldAndTheNewFileAreTwoGenerations() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        Files.move(rig.log("access.log"), rig.log("access.log.1"));
        rig.append("access.log.1", "b\n");
        rig.append("access.log", "c\n");
        rig.drain();

        assertThat(rig.files().values()).containsExactlyInAnyOrder("a\nb\n".getBytes(), "c\n".getBytes());
    }

    @Test
    void aDeletedFileIsReadToItsEnd() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        rig.append("access.log", "b\nhalf");
        Files.delete(rig.log("access.log"));
        rig.drain();
        assertThat(rig.text()).isEqualTo("a\nb\n");
        rig.pass(Rig.CLOSE);
        rig.drain();
        assertThat(rig.text()).isEqualTo("a\nb\nhalf");
    }

    @Test
    void theLastLineOfARotatedFileIsSentWhenItHasBeenQuiet() throws IOException {
        rig.append("access.log", "a\nlast");
        rig.start().drain();
        Files.move(rig.log("access.log"), rig.log("access.log.1"));
        rig.append("access.log", "new\n");
        rig.drain();
        assertThat(rig.text()).isEqualTo("a\nnew\n");
        rig.pass(Rig.CLOSE);
        rig.drain();

        assertThat(rig.text()).isEqualTo("a\nnew\nlast");
        assertThat(rig.sent.get(2).headers()).containsEntry("first_line", "2").containsEntry("lines", "1");
    }

    @Test
    void aFileRotatedBeforeTheFirstStartEndsToo() throws IOException {
        rig.append("access.log", "new\n");
        rig.append("access.log.1", "old\nlast");
        rig.start().drain();
        rig.pass(Rig.CLOSE);
        rig.drain();
        assertThat(rig.files().values()).containsExactlyInAnyOrder("new\n".getBytes(), "old\nlast".getBytes());
    }

    @Test
    void aSecondNameOfAFileIsNotASecondFile() throws IOException {
        rig.append("access.log.2026", "a\n");
        Files.createSymbolicLink(rig.log("access.log"), rig.log("access.log.2026"));
        Files.createLink(rig.log("access.log.hard"), rig.log("access.log.2026"));
        rig.start().drain();
        rig.append("access.log.2026", "b\n");
        rig.drain();
        assertThat(rig.text()).isEqualTo("a\nb\n");
    }

    @Test
    void compressedCopiesAreLeftOut() throws IOException {
        rig.append("access.log", "a\n");
        rig.append("access.log.2.gz", "\u001f\u008b\n");
        rig.start().drain();
        assertThat(rig.text()).isEqualTo("a\n");
    }

    @Test
    void aFileCutToNothingGoesOnAsAnotherGeneration() throws IOException {
        rig.append("access.log", "#head\na\n");
        rig.start().drain();
        Files.write(rig.log("access.log"), new byte[0]);
        rig.append("access.log", "#head\n");
        rig.drain();
        rig.append("access.log", "b\n");
        rig.drain();
        rig.stop();
        rig.append("access.log", "c\n");
        rig.start().drain();
        assertThat(rig.files().values()).containsExactlyInAnyOrder("#head\na\n".getBytes(), "#head\nb\nc\n".getBytes());
    }

    @Test
    void positionsOfGoneFilesAreNotKeptForEver() throws IOException {
        rig.with("saveMs", "1000000").start();
        for (int i = 0; i < Generations.GONE_KEPT + Generations.GONE_KEPT / 10 + 20; i++) {
            Path file = rig.ingest("blog", "name" + i, "a\n");
            rig.tick();
            Files.delete(file);
        }
        rig.tick();
        rig.stop();
        assertThat(new PositionFile(rig.positions).load().positions())
                .hasSizeLessThanOrEqualTo(Generations.GONE_KEPT + Generations.GONE_KEPT / 10)
                .doesNotContainKey("name0");
    }

    @Test
    void aFileIsFoundAgainWhenItsDeviceHasAnotherNumber() throws IOException {
        rig.append("access.log", "a\nb\n");
        rig.start().drain();
        rig.stop();
        Inode inode = Inode.look(rig.log("access.log")).inode();
        String saved = Files.readString(rig.positions);
        Files.writeString(rig.positions, saved.replace(inode + "-", "99999." + inode.number() + "-"));
        rig.append("access.log", "c\n");
        rig.start().drain();
        assertThat(rig.text()).isEqualTo("a\nb\nc\n");
        assertThat(rig.sent.get(1).headers())
                .containsEntry("first_line", "3")
                .hasEntrySatisfying("file", id -> assertThat(id).startsWith("99999."));
        rig.stop();
        rig.append("access.log", "d\n");
        rig.start().drain();
        assertThat(rig.sent.get(2).header("file")).isEqualTo(rig.sent.get(1).header("file"));
    }

    @Test
    void logsThatOnlyBeginAlikeAreGenerationsOfTheirOwn() throws IOException {
        rig.append("access.log", "#Version: 1.0\n#Fields: a b\n");
        rig.start().drain();
        Files.move(rig.log("access.log"), rig.log("access.log.1"));
        rig.append("access.log", "#Version: 1.0\n#Fields: a b\n");
        rig.drain();
        rig.append("access.log.1", "x\n");
        rig.append("access.log", "y\n");
        rig.drain();
        rig.stop();
        Files.move(rig.log("access.log.1"), rig.log("access.log.2"));
        Files.move(rig.log("access.log"), rig.log("access.log.1"));
        rig.append("access.log", "#Version: 1.0\n#Fields: a b\n");
        rig.start().drain();
        rig.append("access.log", "z\n");
        rig.drain();
        String head = "#Version: 1.0\n#Fields: a b\n";
        assertThat(rig.files().values())
                .containsExactlyInAnyOrder(
                        (head + "x\n").getBytes(), (head + "y\n").getBytes(), (head + "z\n").getBytes());
    }

    @Test
    void aCopyBesideAFileIsNoFileOfItsOwnUntilItDiffers() throws IOException {
        rig.append("access.log", "a\nb\n");
        rig.start().drain();
        rig.append("access.log.bak", "a\nb\n");
        rig.append("access.log", "c\n");
        rig.drain();
        rig.stop();
        rig.start().drain();
        assertThat(rig.text()).isEqualTo("a\nb\nc\n");
        rig.append("access.log.bak", "other\n");
        rig.drain();
        assertThat(rig.files().values()).containsExactlyInAnyOrder("a\nb\nc\n".getBytes(), "a\nb\nother\n".getBytes());
    }

    @Test
    void aCutIsSeenAlthoughTheFileIsLongerThanBefore() throws IOException {
        rig.append("access.log", "a\nb\nhalf");
        rig.start().drain();
        Files.writeString(rig.log("access.log"), "new 1\nnew 2\nnew 3\n");
        rig.drain();
        rig.drain();
        assertThat(rig.sent)
                .extracting(s -> s.header("kind") + " " + s.header("start") + "-" + s.header("end") + " "
                        + s.header("first_line") + "+" + s.header("lines"))
                .containsExactly("chunk 0-4 1+2", "loss 4-8 3+2", "chunk 0-18 1+3");
        assertThat(rig.said()).anyMatch(s -> s.contains("cut in place") && s.contains("4 more bytes"));
    }

    @Test
    void filesAreSharedEvenlyAmongThePartitions() throws IOException {
        for (int i = 0; i < 8; i++) {
            rig.append("access.log." + i, "line " + i + "\n");
        }
        rig.start().drain();
        Map<String, Long> files =
                rig.sent.stream().collect(Collectors.groupingBy(s -> s.header("partition"), Collectors.counting()));
        assertThat(files).isEqualTo(Map.of("0", 2L, "1", 2L, "2", 2L, "3", 2L));
    }

    @Test
    void aPackedFileIsReadOnInPartsAndLeavesNothingOnTheDisk() throws IOException {
        rig.with("chunkBytes", "16").with("maxLineBytes", "32").with("spoolBytes", "64");
        rig.append("access.log", "first\n");
        rig.start().drain();
        rig.stop();
        StringBuilder more = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            more.append("line ").append(i).append('\n');
        }
        String rest = more + "x".repeat(500) + "\nlast";
        rig.append("access.log", rest);
        try (var out = new GZIPOutputStream(Files.newOutputStream(rig.log("access.log.1.gz")))) {
            Files.copy(rig.log("access.log"), out);
        }
        Files.delete(rig.log("access.log"));
        rig.start();
        for (int i = 0; i < 60; i++) {
            rig.drain();
        }
        assertThat(rig.text()).isEqualTo("first\n" + more + "x".repeat(8) + "last");
        assertThat(rig.sent)
                .extracting(s -> s.header("file"))
                .containsOnly(rig.sent.get(0).header("file"));
        assertThat(rig.sent.get(rig.sent.size() - 1).header("first_line")).isEqualTo("203");
        try (var left = Files.list(rig.positions.getParent())) {
            assertThat(left).noneMatch(f -> f.toString().endsWith(".spool"));
        }
        rig.stop();
        assertThat(Files.readString(rig.positions)).contains("\"gone\":true");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 40})
    void anAgentThatIsKilledBeforeItSavesKnowsTheCopyOfWhatItSent(int lines) throws IOException {
        rig.with("saveMs", "3600000").start();
        for (int i = 0; i < lines; i++) {
            rig.append("access.log", "first " + i + "\n");
        }
        rig.tick();
        rig.kill();
        rig.append("access.log", "first last\n");
        Files.copy(rig.log("access.log"), rig.log("access.log.1"));
        Files.writeString(rig.log("access.log"), "second\n");
        rig.start();
        rig.drain();

        assertThat(rig.files().values().stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                .containsExactlyInAnyOrder(Files.readString(rig.log("access.log.1")), "second\n");
    }
}
