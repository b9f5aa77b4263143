package io.granary.streaming.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.redis.RedisKeys;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlicesTest {
    @Test
    void deltasAreCutByShardInTheOrderGivenNumbersFirst() {
        List<Delta> deltas = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            deltas.add(Delta.member(i % 3, "u" + i, "m", 0, 0));
            deltas.add(Delta.add(i % 3, "k" + i / 10, i + "#", i, 0, 0));
        }
        Slices slices = Slices.of(deltas, 7);

        assertThat(Slices.of(deltas, 7)).isEqualTo(slices);
        assertThat(slices.byShard().get(0))
                .hasSize(10)
                .allSatisfy(s -> assertThat(s).hasSizeBetween(1, 7));
        assertThat(slices.byShard().get(0).stream().flatMap(List::stream).map(Delta::kind))
                .hasSize(68)
                .isSorted();
        assertThat(slices.byShard().stream()
                        .flatMap(List::stream)
                        .mapToInt(List::size)
                        .sum())
                .isEqualTo(200);
    }

    @Test
    void theNumbersOfACombinationStayTogether() {
        List<Delta> deltas = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            deltas.add(Delta.add(0, "k", i + "#", 1, 0, 0));
            deltas.add(Delta.add(0, "k", i + "#a", 1, 0, 0));
            deltas.add(Delta.add(0, "k", i + "#b", 1, 0, 0));
        }

        assertThat(Slices.of(deltas, 4).byShard().get(0)).extracting(List::size).containsExactly(6, 6, 6, 6, 6);
    }

    @Test
    void aShardWithoutDeltasHasOneEmptySlice() {
        Slices slices = Slices.of(List.of(), 10);

        assertThat(slices.byShard())
                .hasSize(RedisKeys.SHARDS)
                .allSatisfy(s -> assertThat(s).containsExactly(List.of()));
    }
}
