package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.engine.PartReport;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StagedPartsTest {
    private static final RowPart FIRST = new RowPart("00000", "orders", "`id` < 5", "orders");
    private static final RowPart SECOND = new RowPart("00001", "orders", "`id` >= 5", "orders");
    private static final RowSums SUMS =
            new RowSums(2, List.of(new RowSums.ColumnSum("id", 2, new BigDecimal("12345678901234567890.5"))));

    @Test
    void theNextAttemptKnowsWhatThisOneFinished() {
        List<String> lines = new ArrayList<>();
        StagedParts parts = new StagedParts(List.of(), lines::add);
        parts.parts(List.of(FIRST, SECOND));
        PartReport report = new PartReport(FIRST, SUMS, SUMS, "f", 1);
        parts.finish(report);

        StagedParts next = new StagedParts(lines, lines::add);
        assertThat(next.parts()).containsExactly(FIRST, SECOND);
        assertThat(next.finished(FIRST)).contains(report);
        assertThat(next.finished(SECOND)).isEmpty();
    }

    @Test
    void aTornLineCountsForNothing() {
        List<String> lines = new ArrayList<>();
        StagedParts parts = new StagedParts(List.of(), lines::add);
        parts.parts(List.of(FIRST));
        parts.finish(new PartReport(FIRST, SUMS, null, null, 0));
        lines.set(1, lines.get(1).substring(0, 40));
        lines.add("");

        StagedParts next = new StagedParts(lines, line -> {});
        assertThat(next.parts()).containsExactly(FIRST);
        assertThat(next.reports()).isEmpty();
    }
}
