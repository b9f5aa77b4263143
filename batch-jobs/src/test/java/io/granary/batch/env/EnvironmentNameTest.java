package io.granary.batch.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentNameTest {
    @Test
    void itsDatabasesBeginWithIt() {
        EnvironmentName wang = new EnvironmentName("dev_wang");
        assertThat(wang.table("dws.dws_x")).isEqualTo("dev_wang__dws.dws_x");
        assertThat(wang.production("dev_wang__dws.dws_x")).isEqualTo("dws.dws_x");
        assertThat(wang.production("dws.dws_x")).isEqualTo("dws.dws_x");
        assertThat(wang.holds("dev_wang__dws.dws_x")).isTrue();
        assertThat(new EnvironmentName("dev").holds("dev_wang__dws.dws_x")).isFalse();
        assertThat(EnvironmentName.ofDatabase("dev_wang__dws")).contains(wang);
        assertThat(EnvironmentName.ofDatabase("dws")).isEmpty();
        assertThat(EnvironmentName.ofDatabase("granary_staging")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Dev", "1dev", "dev__wang", "dev_", "_dev", "dev-wang", "dev wang", "d;DROP TABLE x"})
    void namesThatCouldBeTakenForOthersAreRefused(String name) {
        assertThatThrownBy(() -> new EnvironmentName(name))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("'" + name + "' is no name of an environment")
                .hasMessageContaining("such as dev_wang");
    }

    @Test
    void productionIsNoEnvironment() {
        assertThatThrownBy(() -> new EnvironmentName("prod")).hasMessageContaining("is production");
        assertThatThrownBy(() -> new EnvironmentName("d".repeat(41))).hasMessageContaining("at most 40");
    }
}
