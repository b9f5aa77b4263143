package io.granary.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
    @TempDir
    Path folder;

    private Home home;
    private Process sleeper;

    @BeforeEach
    void prepare() throws IOException {
        home = new Home(folder.resolve("home"));
        home.prepare();
        java.nio.file.Files.createDirectories(home.run());
        sleeper = new ProcessBuilder("sleep", "300").start();
    }

    @AfterEach
    void end() {
        sleeper.destroyForcibly();
    }

    @Test
    void stopEndsAProcessThatIsOurs() throws Exception {
        record(Proc.birth(sleeper.pid()).orElseThrow());

        processes().stop(Component.REDIS);

        assertThat(sleeper.waitFor()).isEqualTo(128 + 15);
        assertThat(Started.read(home, Component.REDIS)).isEmpty();
    }

    @Test
    void stopLeavesAProcessAloneThatOnlyHasTheNumberOfOurs() {
        Started started = record("another-boot/1");
        assertThat(started.isAlive()).isFalse();

        processes().stop(Component.REDIS);

        assertThat(sleeper.isAlive()).isTrue();
        assertThat(Started.read(home, Component.REDIS)).isEmpty();
    }

    @Test
    void aProcessThatEndedIsNotAlive() throws Exception {
        Started started = record(Proc.birth(sleeper.pid()).orElseThrow());
        assertThat(started.isAlive()).isTrue();

        sleeper.destroyForcibly().waitFor();

        assertThat(started.isAlive()).isFalse();
    }

    @Test
    void theLockIsHeldByOneAtATime() {
        try (ClusterLock lock = ClusterLock.take(home)) {
            assertThat(ClusterLock.tryTake(home)).isEmpty();
            assertThatThrownBy(() -> ClusterLock.take(home))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining(home.root().toString());
        }
        ClusterLock.take(home).close();
    }

    private Started record(String birth) {
        Started started =
                new Started(Component.REDIS, sleeper.pid(), birth, Instant.EPOCH, List.of("redis-server", "x"));
        started.write(home);
        assertThat(Started.read(home, Component.REDIS)).contains(started);
        return started;
    }

    private Processes processes() {
        Ports ports = Ports.of(home, Map.of());
        return new Processes(home, new Programs(home, new Distribution(folder), folder, ports), ports);
    }
}
