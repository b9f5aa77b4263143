package io.granary.batch.seal;

import java.util.List;

/**
 * Lines that the agent says it read and that have not landed, counted as missing in an hour.
 *
 * @param site null when no line of the file has landed
 */
record MissingLines(LogFile file, String site, CollectedHour hour, LineRange range) {
    /** What is left of it without some lines. */
    List<MissingLines> minus(List<LineRange> landed) {
        return range.minus(landed).stream()
                .map(r -> new MissingLines(file, site, hour, r))
                .toList();
    }

    @Override
    public String toString() {
        return "host " + file.host() + ", file " + file.file() + ": lines " + range.first() + " to " + range.last();
    }
}
