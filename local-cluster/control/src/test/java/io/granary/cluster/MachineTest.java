package io.granary.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTest {
    private final Home home = new Home(Path.of("home"));
    private final List<String> said = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "11 | Linux | amd64 | 9000 | 9000 | this is Java 11, Granary needs 17",
                "17 | Mac OS X | amd64 | 9000 | 9000 | runs on Linux x86-64, this is Mac OS X amd64",
                "17 | Linux | aarch64 | 9000 | 9000 | runs on Linux x86-64, this is Linux aarch64",
                "17 | Linux | amd64 | 900 | 9000 | has 900 MiB of memory available",
                "17 | Linux | amd64 | 9000 | 2000 | has 2000 MiB free, the cluster needs 2048"
            })
    void refusesWhatCannotWork(int java, String system, String architecture, long memory, long disk, String message) {
        Machine machine = new Machine(java, system, architecture, memory, disk);

        assertThatThrownBy(() -> machine.require(Component.all(), home, said::add))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining(message);
    }

    @Test
    void warnsWhenMemoryIsTight() {
        new Machine(17, "Linux", "amd64", 3300, 9000).require(Component.all(), home, said::add);

        assertThat(said).singleElement().asString().contains("only 3300 MiB");
    }

    @Test
    void saysNothingWhenThereIsPlenty() {
        assertThatCode(() -> Machine.of(home).require(java.util.Set.of(Component.REDIS), home, said::add))
                .doesNotThrowAnyException();
        assertThat(said).isEmpty();
    }
}
