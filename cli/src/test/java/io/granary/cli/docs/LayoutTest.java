package io.granary.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayoutTest {
    @Test
    void nodesOfALayerThatReadEachOtherStandSideBySide() {
        Layout layout = new Layout(
                ordered(Map.of("a", 0, "b", 1, "c", 1)), List.of(List.of("a", "b"), List.of("b", "c")), 40, 10);

        assertThat(layout.columns()).hasSize(3);
        assertThat(IntStream.range(0, 3).map(layout::band)).containsExactly(0, 1, 1);
        assertThat(layout.columns().stream().map(c -> c.get(0).y)).containsOnly(20.0);
    }

    @Test
    void anEdgeOverAColumnGetsAPlaceInIt() {
        Layout layout = new Layout(
                ordered(Map.of("a", 0, "b", 1, "c", 2)),
                List.of(List.of("a", "b"), List.of("b", "c"), List.of("a", "c")),
                40,
                10);

        assertThat(layout.columns().get(1)).hasSize(2);
        assertThat(layout.routes().get(2).spots()).hasSize(3);
    }

    @Test
    void aRandomGraphHasNoOverlapAndACycleDoesNoHarm() {
        Random random = new Random(7);
        Map<String, Integer> bands = new LinkedHashMap<>();
        IntStream.range(0, 120).forEach(i -> bands.put("n" + i, i / 20));
        List<List<String>> edges = IntStream.range(0, 200)
                .mapToObj(i -> List.of("n" + random.nextInt(120), "n" + random.nextInt(120)))
                .filter(e -> !e.get(0).equals(e.get(1)))
                .toList();

        Layout layout = new Layout(bands, edges, 40, 10);

        for (List<Layout.Spot> column : layout.columns()) {
            for (int i = 1; i < column.size(); i++) {
                double distance = column.get(i).y - column.get(i - 1).y;
                assertThat(distance).isGreaterThan(column.get(i).passing || column.get(i - 1).passing ? 17.9 : 49.9);
            }
        }
        assertThat(layout.columns().stream().flatMap(List::stream).filter(s -> !s.passing))
                .hasSize(120);
        assertThat(layout.columns().stream()
                        .flatMap(List::stream)
                        .filter(s -> !s.passing)
                        .mapToDouble(s -> s.y)
                        .min()
                        .orElseThrow())
                .isGreaterThanOrEqualTo(20);
    }

    private static Map<String, Integer> ordered(Map<String, Integer> bands) {
        return new java.util.TreeMap<>(bands);
    }
}
