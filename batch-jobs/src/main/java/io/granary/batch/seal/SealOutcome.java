package io.granary.batch.seal;

import io.granary.tablestore.PartitionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What sealing a source did.
 *
 * @param files landing files taken
 * @param read lines by the collector's own line numbers
 * @param rejections the first quarantined lines, in words
 * @param partitions of the ODS table that were published
 * @param version of the ODS table; null when nothing new came
 */
record SealOutcome(
        int files,
        long read,
        long loaded,
        long duplicate,
        long quarantined,
        List<String> rejections,
        List<String> partitions,
        String version) {

    static final int REJECTIONS_SHOWN = 5;
    static final SealOutcome NOTHING = new SealOutcome(0, 0, 0, 0, 0, List.of(), List.of(), null);

    SealOutcome {
        rejections = List.copyOf(rejections);
        partitions = List.copyOf(partitions);
    }

    SealOutcome published(Arrivals.Publication ods) {
        return new SealOutcome(
                files,
                read,
                loaded,
                duplicate,
                quarantined,
                rejections,
                ods.partitions().stream().map(PartitionSpec::toString).toList(),
                ods.version() == null ? null : ods.version().value());
    }

    /** Of two seals of one source, one after the other. */
    SealOutcome and(SealOutcome next) {
        return new SealOutcome(
                files + next.files,
                read + next.read,
                loaded + next.loaded,
                duplicate + next.duplicate,
                quarantined + next.quarantined,
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
        if (files == 0) {
            lines.add(source + ": nothing new in landing");
            return lines;
        }
        lines.add("%s: %,d files, %,d lines read: %,d loaded, %,d duplicate, %,d quarantined; %,d partitions touched"
                .formatted(source, files, read, loaded, duplicate, quarantined, partitions.size()));
        rejections.forEach(r -> lines.add("  quarantined: " + r));
        if (quarantined > rejections.size()) {
            lines.add("  … and %,d more in ods.granary_quarantine".formatted(quarantined - rejections.size()));
        }
        return lines;
    }
}
