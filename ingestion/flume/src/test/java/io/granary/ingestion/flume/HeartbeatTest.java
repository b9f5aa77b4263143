package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flume.ChannelException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeartbeatTest {
    @TempDir
    private Path folder;

    private Rig rig;

    @BeforeEach
    void rig() throws IOException {
        rig = new Rig(folder);
    }

    private Rig.Sent last() {
        return rig.heartbeats.get(rig.heartbeats.size() - 1);
    }

    private void beat() {
        rig.pass(Duration.ofSeconds(2));
        rig.tick();
    }

    @Test
    void saysHowFarEachFileIsAcknowledged() throws IOException {
        rig.append("access.log", "a\nb\nhalf");
        rig.start().tick();
        String file = rig.sent.get(0).header("file");
        assertThat(last().text())
                .isEqualTo("{\"version\":1,\"state\":\"running\",\"files\":[{\"file\":\"" + file
                        + "\",\"end\":4,\"lines\":2}]}");
        assertThat(last().headers())
                .containsEntry("kind", "heartbeat")
                .containsEntry("source", "traffic.access_log")
                .containsEntry("region", "north")
                .containsEntry("host", "web-1")
                .containsEntry("agent", "1793527200000")
                .containsEntry("sequence", "1")
                .containsEntry("landing", "_heartbeats/dt=2026-11-01")
                .containsKeys("collected_at", "timestamp", "partition");
        rig.tick();
        assertThat(rig.heartbeats).hasSize(1);
        beat();
        assertThat(last().text()).endsWith("\"files\":[]}");
        assertThat(last().header("sequence")).isEqualTo("2");
        assertThat(last().header("partition")).isEqualTo(rig.heartbeats.get(0).header("partition"));
        rig.pass(Duration.ofMinutes(1));
        rig.tick();
        assertThat(last().text()).contains("\"end\":4");
    }

    @Test
    void whatIsReadAfterOneHasALaterTime() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().tick();
        rig.pass(Duration.ofMillis(-100)); // the clock stands still
        rig.append("access.log", "b\n");
        rig.tick();
        assertThat(rig.sent.get(1).number("collected_at")).isGreaterThan(last().number("collected_at"));
    }

    @Test
    void aFinishedFileAndAnIngestedOneAreSaid() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        String file = rig.sent.get(0).header("file");
        Files.delete(rig.log("access.log"));
        rig.ingest("blog", "5f2a", "x\ny");
        rig.drain();
        rig.pass(Rig.CLOSE);
        rig.tick();
        rig.tick();
        beat();
        String all = rig.heartbeats.stream().map(Rig.Sent::text).reduce("", String::concat);
        assertThat(all)
                .contains("{\"file\":\"" + file + "\",\"end\":2,\"lines\":1,\"finished\":true}")
                .contains("{\"host\":\"inbox\",\"file\":\"5f2a\",\"end\":3,\"lines\":2,\"finished\":true}");
    }

    @Test
    void nothingThatTheChannelHasNotTakenIsSaid() throws IOException {
        rig.start().tick();
        rig.append("access.log", "a\n");
        rig.failing = true;
        rig.pass(Duration.ofSeconds(2));
        assertThatThrownBy(rig::tick).isInstanceOf(ChannelException.class);
        rig.failing = false;
        beat();
        assertThat(last().text()).contains("\"end\":2");
        assertThat(last().header("sequence")).isEqualTo("2");
    }

    @Test
    void anOrderlyStopIsSaidAndTheNextRunHasALaterId() throws IOException {
        rig.append("access.log", "a\n");
        rig.start().drain();
        rig.stop();
        assertThat(last().text()).contains("\"state\":\"stopped\"");
        long agent = last().number("agent");
        rig.pass(Duration.ofHours(-1));
        rig.start().tick();
        assertThat(last().number("agent")).isGreaterThan(agent);
        assertThat(last().text()).contains("\"state\":\"running\"").contains("\"end\":2");
    }
}
