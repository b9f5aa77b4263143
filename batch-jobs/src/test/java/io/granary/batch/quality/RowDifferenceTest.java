package io.granary.batch.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowDifferenceTest {
    private static final List<String> COLUMNS = List.of("site", "hits", "visitors");

    @Test
    void rowsInAnyOrderAreTheSameAsOftenAsTheyAreThere() {
        List<List<String>> twice = List.of(row("a", "1", null), row("b", "2", "2"), row("a", "1", null));

        assertThat(difference(twice, List.of(twice.get(2), twice.get(0), twice.get(1))))
                .isEmpty();
        assertThat(difference(twice, List.of(twice.get(0), twice.get(1)))).startsWith("1 missing, 0 unexpected");
    }

    @Test
    void rowsOfOneKeyAreShownAsOneWithBothValues() {
        String text = difference(
                List.of(row("shop", "4", "3"), row("blog", "1", "1")),
                List.of(row("shop", "5", "3"), row("other", "1", null)));

        assertThat(text.lines())
                .containsExactly(
                        "1 missing, 1 unexpected, 1 different (expected -> actual)",
                        "   site   hits    visitors",
                        "~  shop   4 -> 5  3         differs",
                        "-  blog   1       1         missing",
                        "+  other  1       NULL      unexpected");
    }

    @Test
    void withoutAKeyTheRowWithMostCellsInCommonIsTheOther() {
        String text = RowDifference.of(
                        COLUMNS,
                        List.of("path"),
                        List.of(row("a", "1", "1")),
                        List.of(row("b", "2", "1"), row("a", "1", "")))
                .describe();

        assertThat(text).contains("~  a     1     1 -> ''   differs", "+  b     2     1         unexpected");
    }

    private static String difference(List<List<String>> expected, List<List<String>> actual) {
        return RowDifference.of(COLUMNS, List.of("site"), expected, actual).describe();
    }

    private static List<String> row(String... cells) {
        return Arrays.asList(cells);
    }
}
