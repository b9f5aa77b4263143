package io.granary.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void equalNumbersOfDifferentTypesAreEqual() {
        Comparison c = new Comparison();
        c.add("page views", 5L, new BigDecimal("5"), BigDecimal.valueOf(5), 5);
        c.add("orders", 3L, new BigDecimal("3"), null, null);
        assertThat(c.allEqual()).isTrue();
        assertThat(c.render()).contains("page views", "All equal.").contains(" -");
    }

    @Test
    void aDifferenceIsNamed() {
        Comparison c = new Comparison();
        c.add("page views", 5L, new BigDecimal("5"), null, 4L);
        c.add("paid amount", new BigDecimal("10.10"), new BigDecimal("10.1"), null, null);
        assertThat(c.allEqual()).isFalse();
        assertThat(c.render())
                .contains("NOT equal")
                .contains("page views: real time says 4, truth 5")
                .contains("paid amount: batch says 10.1, truth 10.10");
    }
}
