package io.granary.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void theMedianIsTheMiddleWhateverTheOrder() {
        assertThat(Figures.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2.0);
        assertThat(Figures.median(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(3.0);
        assertThat(Figures.spread(List.of(12.0, 0.5, 2.0))).isEqualTo("2.00 (0.500 to 12.00)");
    }

    @Test
    void aTableIsMarkdown() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Figures.table(
                new PrintStream(bytes, true, StandardCharsets.UTF_8),
                List.of("part", "s"),
                List.of(List.of("stage", "0.040"), List.of("a", "1")));
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "| part  | s     |", "| ----- | ----- |", "| stage | 0.040 |", "| a     | 1     |", "");
    }
}
