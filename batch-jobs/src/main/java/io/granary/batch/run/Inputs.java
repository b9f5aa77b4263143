package io.granary.batch.run;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.manifest.DayRange;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which partitions of its inputs a target reads. */
final class Inputs {
    private final Map<String, List<String>> partitionColumns = new HashMap<>();

    Inputs(Manifest manifest) {
        manifest.sources().forEach(s -> partitionColumns.put(s.table(), s.partition()));
        manifest.seeds().forEach(s -> partitionColumns.put(s.table(), List.of()));
        manifest.models().forEach(m -> partitionColumns.put(m.table(), m.partition()));
    }

    /** The tables that a model reads, those behind the views that it reads among them. */
    Set<String> tables(ModelNode model) {
        return model.reads().keySet();
    }

    /** The days of an input that a model reads; scd2 is derived from all of them, whatever its SQL says of one day. */
    DayRange range(ModelNode model, String input) {
        return model.reads().getOrDefault(input, DayRange.ALL);
    }

    /** Asks for all that the targets of a model read, in one call for each input. */
    void prefetch(Collection<Target> targets, String input, PublishedVersions versions) {
        Set<PartitionSpec> specs = new LinkedHashSet<>();
        for (Target target : targets) {
            if (!isNamed(target.model(), input)) {
                versions.all(input);
                return;
            }
            specs.addAll(specs(target, input));
        }
        versions.of(input, specs);
    }

    /** What is published now of an input within the target's data interval, and the run id of each partition. */
    Map<String, String> read(Target target, String input, PublishedVersions versions) {
        Map<PartitionSpec, PublishedPartition> found =
                isNamed(target.model(), input) ? versions.of(input, specs(target, input)) : versions.all(input);
        Map<String, String> read = new TreeMap<>();
        found.forEach((spec, partition) -> {
            if (reads(target, input, spec)) {
                read.put(spec.toString(), partition.run().value());
            }
        });
        return read;
    }

    /** Whether the partitions that are read can be listed by name. */
    private boolean isNamed(ModelNode model, String input) {
        List<String> columns = partitionColumns.getOrDefault(input, List.of("ds"));
        return range(model, input).isBounded()
                && Set.of(List.of("ds"), List.of("ds", "hh")).contains(columns);
    }

    private List<PartitionSpec> specs(Target target, String input) {
        DayRange range = range(target.model(), input);
        boolean hourly = partitionColumns.getOrDefault(input, List.of("ds")).contains("hh");
        List<PartitionSpec> specs = new ArrayList<>();
        for (int offset = range.from(); offset <= range.to(); offset++) {
            String ds = target.ds().plusDays(offset).toString();
            if (!hourly) {
                specs.add(PartitionSpec.of("ds", ds));
            } else if (range.sameHour() && target.hh() != null) {
                specs.add(PartitionSpec.of("ds", ds, "hh", target.hh()));
            } else {
                hours().forEach(hh -> specs.add(PartitionSpec.of("ds", ds, "hh", hh)));
            }
        }
        return specs;
    }

    static List<String> hours() {
        List<String> hours = new ArrayList<>();
        for (int hour = 0; hour < 24; hour++) {
            hours.add(String.format(Locale.ROOT, "%02d", hour));
        }
        return hours;
    }

    /** Whether a target reads a partition of an input; never its own. */
    boolean reads(Target target, String input, PartitionSpec spec) {
        if (input.equals(target.model().table()) && spec.equals(target.spec())) {
            return false;
        }
        DayRange range = range(target.model(), input);
        if (range.sameHour() && target.hh() != null && !target.hh().equals(value(spec, "hh", target.hh()))) {
            return false;
        }
        return day(spec).map(day -> range.contains(target.ds(), day)).orElse(true);
    }

    /** The day of a partition; none when it has no column ds that is a day. */
    static Optional<LocalDate> day(PartitionSpec spec) {
        String ds = value(spec, "ds", "");
        try {
            return Optional.of(LocalDate.parse(ds));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String value(PartitionSpec spec, String column, String other) {
        return spec.entries().stream()
                .filter(e -> e.column().equals(column))
                .map(PartitionSpec.Entry::value)
                .findFirst()
                .orElse(other);
    }
}
