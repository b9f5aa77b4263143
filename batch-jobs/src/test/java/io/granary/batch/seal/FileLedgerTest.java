package io.granary.batch.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileLedgerTest {
    private static final LogFile FILE = new LogFile("local", "web1", "f");
    private static final CollectedHour TEN = CollectedHour.parse("2026-11-01 10");
    private static final CollectedHour ELEVEN = CollectedHour.parse("2026-11-01 11");

    @Test
    void aHoleIsMissingInTheHourBehindItAndGoesWhenItIsFilled() {
        FileLedger first = ledger(List.of(), List.of(island(TEN, 0, 100, 1, 10), island(ELEVEN, 200, 300, 21, 30)));
        assertThat(first.missingChange()).containsExactly(java.util.Map.entry(ELEVEN, 10L));
        assertThat(first.sealed("s1")).extracting(Interval::startOffset).containsExactly(0L, 200L);
        assertThat(first.outstanding(30)).isEmpty();
        assertThat(first.outstanding(33)).containsExactly(new LineRange(31, 33));

        FileLedger late =
                new FileLedger(FILE, first.sealed("s1"), List.of(island(TEN, 100, 150, 11, 14)), first.missingAfter());
        assertThat(late.missingChange()).containsExactly(java.util.Map.entry(ELEVEN, -4L));
        assertThat(late.hasOverlaps()).isFalse();
        assertThat(late.sealed("s2"))
                .containsExactly(
                        new Interval(0, 150, 1, 14, TEN.start(), "s2"),
                        first.sealed("s1").get(1));

        FileLedger last =
                new FileLedger(FILE, late.sealed("s2"), List.of(island(TEN, 150, 200, 15, 20)), late.missingAfter());
        assertThat(last.missingChange()).containsExactly(java.util.Map.entry(ELEVEN, -6L));
        assertThat(last.missingAfter()).isEmpty();
        assertThat(last.sealed("s3")).containsExactly(new Interval(0, 300, 1, 30, ELEVEN.start(), "s3"));
    }

    @Test
    void aFileThatBeginsInTheMiddleMissesItsBegin() {
        FileLedger ledger = ledger(List.of(), List.of(island(TEN, 50, 100, 6, 10)));
        assertThat(ledger.missingChange()).containsExactly(java.util.Map.entry(TEN, 5L));
        assertThat(ledger.missingAfter()).extracting(MissingLines::range).containsExactly(new LineRange(1, 5));
    }

    @Test
    void bytesThatAreThereTwiceAreSeen() {
        List<Interval> known = List.of(new Interval(0, 100, 1, 10, TEN.start(), "s0"));
        assertThat(ledger(known, List.of(island(TEN, 100, 200, 11, 20))).hasOverlaps())
                .isFalse();
        FileLedger again = ledger(known, List.of(island(TEN, 20, 100, 3, 10)));
        assertThat(again.hasOverlaps()).isTrue();
        assertThat(again.met()).isEqualTo(known);
        assertThat(again.sealed("s1")).isEqualTo(known);
        assertThat(ledger(List.of(), List.of(island(TEN, 0, 100, 1, 10), island(ELEVEN, 50, 100, 6, 10)))
                        .hasOverlaps())
                .isTrue();
    }

    @Test
    void whatWasSeededFromTablesGoesOnByItsLines() {
        // the end of a seeded interval is that of the last line's first byte
        FileLedger ledger =
                ledger(List.of(new Interval(0, 91, 1, 10, TEN.start(), "s0")), List.of(island(TEN, 100, 200, 11, 20)));
        assertThat(ledger.missingChange()).isEmpty();
        assertThat(ledger.sealed("s1")).containsExactly(new Interval(0, 200, 1, 20, TEN.start(), "s1"));
    }

    private static FileLedger ledger(List<Interval> known, List<Island> islands) {
        return new FileLedger(FILE, known, islands, List.of());
    }

    private static Island island(CollectedHour hour, long start, long end, long firstLine, long lastLine) {
        Instant at = hour.start();
        return new Island(FILE, "shop", hour, start, end, firstLine, lastLine, lastLine - firstLine + 1, 0, 0, at);
    }
}
