package io.granary.batch.seal;

import java.time.Instant;
import java.util.List;

/**
 * Records of one file, collected in one hour, that follow each other without a hole; by their headers alone.
 *
 * @param lines sum of the records' lines: more than {@code lastLine - firstLine + 1} when records overlap
 * @param lost of these, lines that the agent could not read
 * @param oversize how many lines were longer than the agent's limit
 * @param collectedAt of the newest record
 */
record Island(
        LogFile file,
        String site,
        CollectedHour hour,
        long startOffset,
        long endOffset,
        long firstLine,
        long lastLine,
        long lines,
        long lost,
        long oversize,
        Instant collectedAt) {

    /** Reads a row of {@link SealSql#islands}. */
    static Island of(List<Object> row) {
        return new Island(
                new LogFile(text(row, 0), text(row, 2), text(row, 3)),
                text(row, 1),
                CollectedHour.parse(text(row, 4)),
                number(row, 5),
                number(row, 6),
                number(row, 7),
                number(row, 8),
                number(row, 9),
                number(row, 10),
                number(row, 11),
                Instant.ofEpochMilli(number(row, 12)));
    }

    LineRange range() {
        return new LineRange(firstLine, lastLine);
    }

    /** Some lines are in it twice. */
    boolean overlapsItself() {
        return lines != lastLine - firstLine + 1;
    }

    Interval sealedBy(String sealId) {
        return new Interval(startOffset, endOffset, firstLine, lastLine, collectedAt, sealId);
    }

    static String text(List<Object> row, int index) {
        return row.get(index) == null ? "" : String.valueOf(row.get(index));
    }

    static long number(List<Object> row, int index) {
        return ((Number) row.get(index)).longValue();
    }
}
