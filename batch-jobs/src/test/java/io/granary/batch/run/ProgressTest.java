package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.run.RunResults.Result;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void oneLineAModel() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Progress progress = new Progress(new PrintStream(text, true, StandardCharsets.UTF_8), 41);
        LocalDate ds = LocalDate.parse("2026-11-20");
        progress.ended(
                "dws_traffic_site_1d",
                "ds=" + ds,
                Result.success("model.a", Duration.ofMillis(12400), 1_234_567, List.of(), "r"));
        progress.ended(
                "b", "ds=" + ds, Result.error("model.b", Duration.ofMillis(60), "no column x\nstatement: SELECT x"));
        progress.ended("c", "ds=" + ds, Result.skipped("model.c", "model.b did not succeed"));
        assertThat(text.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "[ 1/41] dws_traffic_site_1d          ds=2026-11-20  OK  12.4 s  1.2 M rows",
                        "[ 2/41] b                            ds=2026-11-20  ERROR  0.1 s",
                        "    no column x",
                        "    statement: SELECT x",
                        "[ 3/41] c                            ds=2026-11-20  SKIPPED",
                        "    model.b did not succeed");
    }

    @Test
    void rowsAreRoundedDown() {
        assertThat(Progress.rows(0)).isEqualTo("0 rows");
        assertThat(Progress.rows(1)).isEqualTo("1 row");
        assertThat(Progress.rows(9_999)).isEqualTo("9999 rows");
        assertThat(Progress.rows(12_399)).isEqualTo("12.3 K rows");
        assertThat(Progress.rows(999_999)).isEqualTo("999.9 K rows");
    }
}
