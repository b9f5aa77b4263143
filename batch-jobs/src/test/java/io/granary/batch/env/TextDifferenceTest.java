package io.granary.batch.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextDifferenceTest {
    @Test
    void changedLinesStandBetweenThoseAroundThem() {
        assertThat(TextDifference.unified("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nX\nd\ne\n"))
                .containsExactly("@@ -1,6 +1,6 @@", " a", " b", " c", "+X", " d", " e", "-f");
        assertThat(TextDifference.unified("SELECT 1  \n", "SELECT 1")).isEmpty();
        assertThat(TextDifference.unified("a", "b")).containsExactly("@@ -1,1 +1,1 @@", "-a", "+b");
    }

    @Test
    void farChangesAreHunksOfTheirOwn() {
        String before = IntStream.range(0, 30).mapToObj(String::valueOf).collect(Collectors.joining("\n"));
        assertThat(TextDifference.unified(
                        before, before.replace("\n2\n", "\ntwo\n").replace("\n20\n", "\n")))
                .containsExactly(
                        "@@ -1,6 +1,6 @@",
                        " 0",
                        " 1",
                        "-2",
                        "+two",
                        " 3",
                        " 4",
                        " 5",
                        "@@ -18,7 +18,6 @@",
                        " 17",
                        " 18",
                        " 19",
                        "-20",
                        " 21",
                        " 22",
                        " 23");
    }
}
