package io.granary.streaming.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.store.RedisFixture;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SketchTest {
    /** Sparse and dense ones; what Redis keeps is what its members make. */
    @Test
    void aSketchIsThatOfRedisRegisterByRegister() throws Exception {
        try (RedisFixture server = new RedisFixture()) {
            Sketch rebuilt = new Sketch();
            int from = 0;
            for (int to : new int[] {0, 1, 30, 2000, 40_000, 200_000}) {
                for (int at = from; at < to; at += 10_000) {
                    String[] members = IntStream.range(at, Math.min(to, at + 10_000))
                            .mapToObj(i -> "visitor-" + i)
                            .toArray(String[]::new);
                    server.redis.pfadd("sketch", members);
                    for (String member : members) {
                        rebuilt.add(member);
                    }
                }
                from = to;
                Sketch found = Sketch.of("sketch", server.redis.get("sketch".getBytes(StandardCharsets.UTF_8)));
                assertThat(found.digest()).as(to + " members").isEqualTo(rebuilt.digest());
                assertThat(found.estimate()).as(to + " members").isEqualTo(server.redis.pfcount("sketch"));
                assertThat(Math.abs(found.estimate() - to)).isLessThanOrEqualTo(Difference.bound(to));
            }
            server.redis.set("text", "a text that is no sketch");
            assertThatThrownBy(() -> Sketch.of("text", server.redis.get("text".getBytes(StandardCharsets.UTF_8))))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("key text in Redis");
        }
    }
}
