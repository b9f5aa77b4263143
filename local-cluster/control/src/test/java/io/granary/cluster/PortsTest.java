package io.granary.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    Path folder;

    private Home home;

    @BeforeEach
    void prepare() {
        home = new Home(folder.resolve("home"));
        home.prepare();
    }

    @Test
    void areChosenOnce() {
        Ports first = Ports.of(home, Map.of());

        assertThat(first.byName()).containsKeys("hdfs", "kafka", "kafka-controller", "serving-api", "supplier");
        assertThat(first.byName().values()).doesNotHaveDuplicates().allMatch(port -> port >= 15000 && port < 32000);
        assertThat(Ports.of(home, Map.of())).isEqualTo(first);
    }

    @Test
    void aFixedPortIsKept() {
        Ports.of(home, Map.of());
        Ports.of(home, Map.of(Component.THRIFTSERVER, 10123));

        assertThat(Ports.of(home, Map.of()).of(Component.THRIFTSERVER)).isEqualTo(10123);
    }

    @Test
    void twoComponentsCannotShareOne() {
        assertThatThrownBy(() -> Ports.of(home, Map.of(Component.REDIS, 10123, Component.KAFKA, 10123)))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("same port");
    }

    @Test
    void aComponentWithoutPortCannotHaveOne() {
        assertThatThrownBy(() -> Ports.of(home, Map.of(Component.FLUME, 10123)))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("flume has no port");
    }

    @Test
    void aTakenPortIsNamedWithItsComponentAndWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Ports ports = Ports.of(home, Map.of(Component.REDIS, taken.getLocalPort()));

            assertThatThrownBy(() -> ports.requireFree(Component.REDIS))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " of redis is taken")
                    .hasMessageContaining("--port redis=NUMBER");
        }
    }

    @Test
    void aBrokenFileIsRefusedWithItsName() throws IOException {
        Files.writeString(home.cluster(), "{\"ports\": 7");

        assertThatThrownBy(() -> Ports.of(home, Map.of()))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining(home.cluster().toString());
    }
}
