package io.granary.batch.seal;

import io.granary.tablestore.PartitionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What sealing a source did.
 *
 * @param files landing files taken
 * @param counts what became of the lines
 * @param rejections the first quarantined lines, in words
 * @param partitions of the ODS table that were published
 * @param version of the ODS table; null when nothing new came
 */
record SealOutcome(int files, Tally counts, List<String> rejections, List<String> partitions, String version) {

    static final int REJECTIONS_SHOWN = 5;
    static final SealOutcome NOTHING = new SealOutcome(0, Tally.ZERO, List.of(), List.of(), null);

    SealOutcome {
        rejections = List.copyOf(rejections);
        partitions = List.copyOf(partitions);
    }

    SealOutcome published(Arrivals.Publication ods) {
        return new SealOutcome(
                files,
                counts,
                rejections,
                ods.partitions().stream().map(PartitionSpec::toString).sorted().toList(),
                ods.version() == null ? null : ods.version().value());
    }

    /** Of two seals of one source, one after the other. */
    SealOutcome and(SealOutcome next) {
        return new SealOutcome(
                files + next.files,
                counts.plus(next.counts),
                Stream.concat(rejections.stream(), next.rejections.stream())
                        .limit(REJECTIONS_SHOWN)
                        .toList(),
                Stream.concat(partitions.stream(), next.partitions.stream())
                        .distinct()
                        .sorted()
                        .toList(),
                next.version == null ? version : next.version);
    }

    /** For people: a line for the source, then one for each rejection shown. */
    List<String> lines(String source) {
        List<String> lines = new ArrayList<>();
        if (files == 0 && counts.equals(Tally.ZERO)) {
            lines.add(source + ": nothing new in landing");
            return lines;
        }
        lines.add(
                "%s: %,d files, %,d lines read: %,d loaded, %,d duplicate, %,d quarantined%s%s%s; %,d partitions touched"
                        .formatted(
                                source,
                                files,
                                counts.read(),
                                counts.loaded(),
                                counts.duplicate(),
                                counts.quarantined(),
                                some(counts.lost(), "lost"),
                                some(counts.missing(), "missing"),
                                some(counts.skipped(), "skipped"),
                                partitions.size()));
        rejections.forEach(r -> lines.add("  quarantined: " + r));
        if (!rejections.isEmpty() && counts.quarantined() > rejections.size()) {
            lines.add("  … and %,d more in ods.granary_quarantine".formatted(counts.quarantined() - rejections.size()));
        }
        return lines;
    }

    private static String some(long count, String what) {
        return count == 0 ? "" : ", %,d %s".formatted(count, what);
    }
}
