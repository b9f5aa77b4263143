package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flume.ChannelException;
import org.apache.flume.PollableSource.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailSourceTest {
    @TempDir
    private Path folder;

    private Rig rig;

    @BeforeEach
    void rig() throws IOException {
        rig = new Rig(folder);
    }

    @Test
    void aChunkSaysWhereItsLinesComeFrom() throws IOException {
        rig.append("access.log", "one\ntwo\n");
        rig.start().drain();
        rig.append("access.log", "three\n");
        rig.drain();

        assertThat(rig.sent).hasSize(2);
        Rig.Sent second = rig.sent.get(1);
        Inode inode = Inode.look(rig.log("access.log")).inode();
        assertThat(second.text()).isEqualTo("three\n");
        assertThat(second.headers())
                .containsEntry("source", "traffic.access_log")
                .containsEntry("site", "demo-shop")
                .containsEntry("region", "north")
                .containsEntry("host", "web-1")
                .containsEntry("start", "8")
                .containsEntry("end", "14")
                .containsEntry("first_line", "3")
                .containsEntry("lines", "1")
                .containsEntry("timestamp", second.header("collected_at"))
                .containsEntry("partition", rig.sent.get(0).header("partition"));
        // SHA-256 of "one" begins so
        assertThat(second.header("file")).isEqualTo(inode + "-7692c3ad3540bb80");
        assertThat(second.number("collected_at")).isBetween(1_793_527_200_000L, 1_793_527_210_000L);
        assertThat(second.number("partition")).isBetween(0L, 3L);
        assertThat(second.headers())
                .containsEntry("kind", "chunk")
                .containsEntry("key", "web-1/" + second.header("file"))
                .containsEntry("landing", "dt=2026-11-01/hh=10")
                .hasSize(15);
    }

    @Test
    void aRestartGoesOnWhereItStopped() throws IOException {
        rig.append("access.log", "a\nb\n");
        rig.start().drain();
        rig.stop();
        rig.append("access.log", "c\n");
        rig.start().drain();

        assertThat(rig.sent).hasSize(2);
        assertThat(rig.sent.get(1).text()).isEqualTo("c\n");
        assertThat(rig.sent.get(1).header("first_line")).isEqualTo("3");
        assertThat(rig.sent.get(1).header("partition"))
                .isEqualTo(rig.sent.get(0).header("partition"));
    }

    @Test
    void aKillSendsAgainButLeavesNothingOut() throws IOException {
        rig.with("saveMs", "1000");
        rig.append("access.log", "a\n");
        rig.start().drain();
        rig.append("access.log", "b\n");
        rig.drain();
        rig.kill();
        rig.append("access.log", "c\n");
        rig.start().drain();

        assertThat(rig.sent).extracting(Rig.Sent::text).containsExactly("a\n", "b\n", "b\nc\n");
        assertThat(rig.sent.get(2).header("first_line")).isEqualTo("2");
        assertThat(rig.files().values()).containsExactly("a\nb\nc\n".getBytes());
    }

    @Test
    void aLineWithoutItsEndWaits() throws IOException {
        rig.append("access.log", "a\nhal");
        rig.start().drain();
        rig.pass(Rig.CLOSE.multipliedBy(10));
        rig.drain();
        assertThat(rig.text()).isEqualTo("a\n");
        rig.append("access.log", "f\n");
        rig.drain();
        assertThat(rig.sent.get(1).text()).isEqualTo("half\n");
    }

    @Test
    void aFileHasNoIdBeforeItsFirstLineIsWhole() throws IOException {
        rig.append("access.log", "hal");
        rig.start().drain();
        rig.stop();
        rig.start().drain();
        assertThat(rig.sent).isEmpty();
        rig.append("access.log", "f\n");
        rig.drain();
        assertThat(rig.text()).isEqualTo("half\n");
        String id = rig.sent.get(0).header("file");
        Files.move(rig.log("access.log"), rig.log("access.log.1"));
        rig.append("access.log.1", "more\n");
        rig.drain();
        assertThat(rig.sent.get(1).header("file")).isEqualTo(id);
    }

    @Test
    void bytesAreKeptAsTheyAre() throws IOException {
        byte[] odd = {
            (byte) 0xEF, (byte) 0xBB, (byte) 0xBF, 'a', '\r', '\n', 0, 'b', '\n', (byte) 0xFF, (byte) 0xC3, '\n', '\n'
        };
        rig.append("access.log", odd);
        rig.start().drain();
        assertThat(rig.files().values()).containsExactly(odd);
        assertThat(rig.sent.get(0).header("lines")).isEqualTo("4");
    }

    @Test
    void aLineTooLongIsSentAsItsBeginningAndItsRange() throws IOException {
        rig.with("chunkBytes", "4").with("maxLineBytes", "8");
        rig.append("access.log", "a\n" + "x".repeat(19) + "\nb\n1234567\n12345678\nc\n");
        rig.start().drain();
        assertThat(rig.sent)
                .extracting(s -> s.header("kind") + " " + s.header("start") + "-" + s.header("end") + " "
                        + s.header("first_line") + "+" + s.header("lines") + " " + s.text())
                .containsExactly(
                        "chunk 0-2 1+1 a\n",
                        "oversize 2-22 2+1 xx",
                        "chunk 22-24 3+1 b\n",
                        "chunk 24-32 4+1 1234567\n",
                        "oversize 32-41 5+1 12",
                        "chunk 41-43 6+1 c\n");
    }

    @Test
    void theEndOfALongLineIsWaitedFor() throws IOException {
        rig.with("chunkBytes", "4").with("maxLineBytes", "8");
        rig.append("access.log", "a\n" + "x".repeat(19));
        rig.start().drain();
        rig.append("access.log", "x".repeat(9));
        rig.drain();
        assertThat(rig.text()).isEqualTo("a\n");
        rig.append("access.log", "x\nb\n");
        rig.drain();
        assertThat(rig.sent).extracting(s -> s.header("end")).containsExactly("2", "32", "34");
        rig.append("access.log", "y".repeat(20));
        Files.move(rig.log("access.log"), rig.log("access.log.1"));
        rig.append("access.log", "new\n");
        rig.drain();
        rig.pass(Rig.CLOSE);
        rig.drain();
        assertThat(rig.sent.get(rig.sent.size() - 1).headers())
                .containsEntry("kind", "oversize")
                .containsEntry("start", "34")
                .containsEntry("end", "54")
                .containsEntry("first_line", "4");
    }

    @Test
    void eachFileSetHasItsSite() throws IOException {
        rig.with("files", "f1 f2 inbox")
                .with("files.f2.site", "blog")
                .with("files.f2.glob", rig.logs + "/*/access.log");
        Files.createDirectories(rig.log("blog"));
        rig.append("access.log", "shop\n");
        rig.append("blog/access.log", "blog\n");
        rig.start().drain();
        assertThat(rig.sent)
                .extracting(s -> s.header("site") + " " + s.text())
                .containsExactlyInAnyOrder("demo-shop shop\n", "blog blog\n");
    }

    @Test
    void anIngestedFileIsKnownByItsNameAndComplete() throws IOException {
        rig.start().drain();
        rig.ingest("blog", "5f2a", "a\nno newline");
        rig.drain();
        assertThat(rig.sent).hasSize(1);
        assertThat(rig.sent.get(0).text()).isEqualTo("a\nno newline");
        assertThat(rig.sent.get(0).headers())
                .containsEntry("host", "inbox")
                .containsEntry("site", "blog")
                .containsEntry("file", "5f2a")
                .containsEntry("lines", "2");
    }

    @Test
    void anIngestedFileThatComesAgainAddsNothing() throws IOException {
        rig.start();
        Path first = rig.ingest("blog", "5f2a", "a\n");
        rig.drain();
        Files.delete(first);
        rig.drain();
        rig.ingest("blog", "5f2a", "a\n");
        rig.ingest("shop", "5f2a", "a\n");
        rig.drain();
        rig.stop();
        rig.start().drain();
        assertThat(rig.sent).hasSize(1);
    }

    @Test
    void aBusyFileDoesNotStarveTheOthers() throws IOException {
        rig.with("chunkBytes", "64").with("batchBytes", "256");
        rig.append("access.log.busy", "x".repeat(15).concat("\n").repeat(10_000));
        for (int i = 0; i < 50; i++) {
            rig.append("access.log.quiet" + i, "quiet " + i + "\n");
        }
        rig.start();
        Set<String> quiet = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            assertThat(rig.tick()).isEqualTo(Status.READY);
        }
        rig.sent.stream().map(Rig.Sent::text).filter(t -> t.startsWith("quiet")).forEach(quiet::add);
        assertThat(quiet).hasSize(50);
        rig.drain();
        assertThat(rig.files().values()).anyMatch(bytes -> bytes.length == 160_000);
    }

    @Test
    void filesSpreadOverThePartitionsAndStay() throws IOException {
        for (int i = 0; i < 40; i++) {
            rig.append("access.log." + i, "line " + i + "\n");
        }
        rig.start().drain();
        Map<String, String> first = new HashMap<>();
        rig.sent.forEach(s -> first.put(s.header("file"), s.header("partition")));
        assertThat(Set.copyOf(first.values())).containsExactlyInAnyOrder("0", "1", "2", "3");
        rig.stop();
        for (int i = 0; i < 40; i++) {
            rig.append("access.log." + i, "more\n");
        }
        rig.with("partitions", "7").start().drain();
        assertThat(rig.sent)
                .hasSize(80)
                .allMatch(s -> first.get(s.header("file")).equals(s.header("partition")));
    }

    @Test
    void nothingMovesWhenTheChannelFails() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        String before = Files.readString(rig.positions);
        rig.append("access.log", "b\n");
        rig.failing = true;
        assertThatThrownBy(rig::tick).isInstanceOf(ChannelException.class);
        assertThatThrownBy(rig::tick).isInstanceOf(ChannelException.class);
        assertThat(Files.readString(rig.positions)).isEqualTo(before);
        rig.failing = false;
        rig.drain();
        assertThat(rig.sent).extracting(Rig.Sent::text).containsExactly("a\n", "b\n");
        assertThat(rig.sent.get(1).header("first_line")).isEqualTo("2");
    }

    @Test
    void thePositionFileSaysHowFarItIs() throws IOException {
        rig.append("access.log", "a\nb\nhalf");
        rig.start().drain();
        Rig.Sent sent = rig.sent.get(0);
        assertThat(Files.readString(rig.positions))
                .isEqualTo(
                        "{\"version\":1,\"agent\":1793527200000,\"files\":{\"" + sent.header("file") + "\":{\"path\":\""
                                + rig.log("access.log") + "\",\"offset\":4,\"lines\":2,\"partition\":"
                                + sent.header("partition") + ",\"trail\":\"610a620a\"}}}");
        assertThat(rig.positions.resolveSibling("positions.json.part")).doesNotExist();
    }
}
