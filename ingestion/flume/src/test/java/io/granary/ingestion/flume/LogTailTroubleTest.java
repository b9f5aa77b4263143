package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import org.apache.flume.conf.ConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said, with the setting and the file, and what can go on goes on. */
class LogTailTroubleTest {
    @TempDir
    private Path folder;

    private Rig rig;

    @BeforeEach
    void rig() throws IOException {
        rig = new Rig(folder);
    }

    @Test
    void wrongSettingsAreNamed() {
        rig.with("files.f1.glob", "logs/access.log");
        assertThatThrownBy(rig::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("files.f1.glob")
                .hasMessageContaining("'logs/access.log' is not an absolute path");
        rig.with("files.f1.glob", "/x").with("files.f1.identity", "path");
        assertThatThrownBy(rig::start).hasMessageContaining("is 'path'");
        rig.with("files.f1.identity", "inode").with("maxLineBytes", "10");
        assertThatThrownBy(rig::start).hasMessageContaining("maxLineBytes 10");
        rig.with("maxLineBytes", "many");
        assertThatThrownBy(rig::start).hasMessageContaining("'maxLineBytes' is 'many'");
    }

    @Test
    void anUnknownSettingIsNamed() {
        rig.with("flushMillis", "10");
        assertThatThrownBy(rig::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no setting 'flushMillis'")
                .hasMessageContaining("flushMs");
        rig.without("flushMillis").with("files.f9.glob", "/x");
        assertThatThrownBy(rig::start).hasMessageContaining("no setting 'files.f9.glob'");
    }

    @Test
    void aReferenceThatIsNotSetIsNamed() {
        rig.with("host", "${env:GRANARY_HOST}");
        assertThatThrownBy(rig::start).hasMessageContaining("'host' is '${env:GRANARY_HOST}'");
    }

    @Test
    void aGlobThatMatchesNothingIsNamed() {
        rig.with("files.f1.glob", rig.logs + "/nowhere/access.log");
        rig.start().drain();
        assertThat(rig.said())
                .anyMatch(s -> s.contains("no file matches files.f1.glob = " + rig.logs + "/nowhere/access.log")
                        && s.contains("there is no " + rig.logs + "/nowhere"));
    }

    @Test
    void aFileOfTwoGlobsIsReadOnceAndBothSettingsAreNamed() throws IOException {
        rig.with("files", "f1 f2 inbox").with("files.f2.site", "blog").with("files.f2.glob", rig.logs + "/*.log");
        rig.append("access.log", "a\n");
        rig.start().drain();
        assertThat(rig.text()).isEqualTo("a\n");
        assertThat(rig.said())
                .anyMatch(s -> s.contains(rig.log("access.log").toString())
                        && s.contains("both files.f1.glob = ")
                        && s.contains("and files.f2.glob = "));
    }

    @Test
    void whatCannotBeListedIsNamedAndKeepsItsFiles() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        Path away = rig.logs.resolveSibling("away");
        Files.move(rig.logs, away);
        Files.createSymbolicLink(rig.logs, rig.logs); // a loop: listing it fails, as it does without permission
        rig.drain();
        assertThat(rig.said()).anyMatch(s -> s.contains("cannot read " + rig.logs) && s.contains("files.f1.glob"));
        Files.write(away.resolve("access.log"), "b\n".getBytes(), StandardOpenOption.APPEND);
        rig.pass(Rig.CLOSE.multipliedBy(2));
        rig.drain();
        Files.delete(rig.logs);
        Files.move(away, rig.logs);
        rig.drain();
        assertThat(rig.text()).isEqualTo("a\nb\n");
        assertThat(rig.files()).hasSize(1);
    }

    @Test
    void aFolderThatIsRemovedEndsItsFiles() throws IOException {
        rig.append("access.log", "a\nb");
        rig.start().drain();
        Files.delete(rig.log("access.log"));
        Files.delete(rig.logs);
        rig.drain();
        rig.pass(Rig.CLOSE);
        rig.drain();
        assertThat(rig.text()).isEqualTo("a\nb");
        assertThat(rig.said()).anyMatch(s -> s.contains("no file matches files.f1.glob"));
    }

    @Test
    void aSecondAgentOfTheSameFilesIsRefused() throws IOException {
        rig.start();
        Rig second = new Rig(folder).with("positionFile", folder + "/other/positions.json");
        assertThatThrownBy(second::start)
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("another agent of this machine")
                .hasMessageContaining("files.f1.glob = " + rig.logs);
        assertThatThrownBy(() -> new Rig(folder).start()).hasMessageContaining("positionFile = " + rig.positions);
        rig.stop();
        second.start().drain();
    }

    @Test
    void collectingGoesOnWhenThePositionFileCannotBeWritten() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        byte[] before = Files.readAllBytes(rig.positions);
        Path part = rig.positions.resolveSibling("positions.json.part");
        Files.createSymbolicLink(part, Path.of("/dev/full")); // a disk without space
        rig.append("access.log", "b\n");
        rig.append("access.log2", "new\n");
        rig.drain();
        assertThat(rig.text()).isEqualTo("a\nb\n"); // a file that is not known on disk waits
        assertThat(rig.said())
                .anyMatch(s -> s.contains("access.log2 of traffic.access_log is new and waits"))
                .anyMatch(
                        s -> s.contains("cannot write position file " + rig.positions) && s.contains("No space left"));
        assertThat(Files.readAllBytes(rig.positions)).isEqualTo(before);
        Files.delete(part);
        rig.drain();
        assertThat(rig.text()).isEqualTo("a\nb\nnew\n");
        rig.drain();
        assertThat(new PositionFile(rig.positions).load().positions().values())
                .extracting(Position::offset)
                .containsExactly(4L, 4L);
    }

    @Test
    void aBrokenPositionFileIsRefusedAtEveryLength() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        rig.stop();
        byte[] whole = Files.readAllBytes(rig.positions);
        for (int length = 0; length < whole.length; length++) {
            Files.write(rig.positions, Arrays.copyOf(whole, length));
            assertThatThrownBy(rig::start)
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("position file " + rig.positions + " is broken")
                    .hasMessageContaining("move it away");
        }
        Files.writeString(rig.positions, "{\"version\":1,\"files\":{\"x\":{\"path\":\"/x\",\"offset\":-3}}}");
        assertThatThrownBy(rig::start).hasMessageContaining("\"offset\":-3");
    }

    @Test
    void positionsDoNotGoBackWhenAnOlderFileIsLoaded() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        byte[] old = Files.readAllBytes(rig.positions);
        rig.append("access.log", "b\n");
        rig.drain();
        rig.stop();
        Files.write(rig.positions, old);
        rig.startAgain().drain(); // the same process, as when Flume reads its properties again
        assertThat(rig.text()).isEqualTo("a\nb\n");
    }

    @Test
    void aClockThatStepsLosesAndDoublesNothing() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        rig.pass(Duration.ofHours(-5));
        rig.append("access.log", "b\n");
        rig.drain();
        rig.pass(Duration.ofDays(400));
        rig.append("access.log", "c\n");
        rig.drain();
        rig.pass(Duration.ofMinutes(-5));
        rig.append("access.log", "d\n");
        Files.move(rig.log("access.log"), rig.log("access.log.1"));
        rig.append("access.log.1", "last");
        rig.drain();
        rig.pass(Rig.CLOSE);
        rig.drain();
        assertThat(rig.text()).isEqualTo("a\nb\nc\nd\nlast");
        assertThat(rig.sent.get(3).number("collected_at"))
                .isGreaterThanOrEqualTo(rig.sent.get(2).number("collected_at"));
        assertThat(new PositionFile(rig.positions).load().positions()).hasSize(1);
    }
}
