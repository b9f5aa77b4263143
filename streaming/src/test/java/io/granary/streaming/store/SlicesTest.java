package io.granary.streaming.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.redis.RedisKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlicesTest {
    @Test
    void theCutDependsOnTheDeltasAlone() {
        List<Delta> deltas = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            deltas.add(Delta.add(i % 3, "k" + i / 10, "f" + i, i, 60));
        }
        Slices expected = Slices.of(deltas, 7);
        Collections.shuffle(deltas, new Random(1));

        assertThat(Slices.of(deltas, 7)).isEqualTo(expected);
        assertThat(expected.byShard().get(0))
                .hasSize(5)
                .allSatisfy(s -> assertThat(s).hasSizeBetween(1, 7));
        assertThat(expected.byShard().stream()
                        .flatMap(List::stream)
                        .mapToInt(List::size)
                        .sum())
                .isEqualTo(100);
    }

    @Test
    void aShardWithoutDeltasHasOneEmptySlice() {
        Slices slices = Slices.of(List.of(), 10);

        assertThat(slices.byShard())
                .hasSize(RedisKeys.SHARDS)
                .allSatisfy(s -> assertThat(s).containsExactly(List.of()));
    }
}
