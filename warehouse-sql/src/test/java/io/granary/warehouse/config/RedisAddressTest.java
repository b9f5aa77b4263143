package io.granary.warehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisAddressTest {
    @Test
    void oneRedisIsAnAddressOfItsOwn() {
        RedisAddress address = RedisAddress.parse("redis://127.0.0.1:6379/2");

        assertThat(address.isCluster()).isFalse();
        assertThat(address.nodes()).containsExactly(URI.create("redis://127.0.0.1:6379/2"));
    }

    @Test
    void aClusterIsNamedBySomeOfItsNodes() {
        RedisAddress address = RedisAddress.parse("rediss+cluster://granary:se,cr%40et@node-1:6379,[::1]:6380");

        assertThat(address.isCluster()).isTrue();
        assertThat(address.nodes())
                .containsExactly(
                        URI.create("rediss://granary:se,cr%40et@node-1:6379"),
                        URI.create("rediss://granary:se,cr%40et@[::1]:6380"));
        assertThat(address).hasToString("rediss+cluster://node-1:6379,[::1]:6380");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "localhost:6379 > is no address of a Redis",
                "http://localhost:6379 > is no address of a Redis",
                "redis://localhost > 'localhost' is no host:port",
                "redis://:secret@a:1,b:2 > redis+cluster://",
                "redis+cluster://:secret@a:1,b > 'b' is no host:port",
                "redis+cluster://a:1,b:2/3 > Redis Cluster has one database"
            })
    void whatIsNoAddressIsSaidWithoutItsPassword(String text, String message) {
        assertThatThrownBy(() -> RedisAddress.parse(text))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("redis://127.0.0.1:6379")
                .hasMessageNotContaining("secret");
    }
}
