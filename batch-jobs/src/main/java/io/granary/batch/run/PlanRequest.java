package io.granary.batch.run;

import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.DayRange;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a plan is asked for.
 *
 * @param models each after those it reads
 * @param requested targets that are made even though nothing has changed
 */
record PlanRequest(Manifest manifest, List<ModelNode> models, Days days, Predicate<Target> requested) {
    /** Which days. */
    sealed interface Days permits Range, Late {}

    /** Both ends included. */
    record Range(LocalDate from, LocalDate to) implements Days {}

    /** Days whose inputs changed after they were made; of all, or of those published since a day, which may be null. */
    record Late(LocalDate since) implements Days {}

    /** Asks the stores of a profile for the steps alone; opens no SQL session. */
    List<Step> plan(Profile profile) {
        try (TableStore store = HiveTableStore.open(profile, new NoSql())) {
            return plan(store);
        }
    }

    /** As {@link #plan(Profile)}, and asks what becomes of the tables that the steps write. */
    Plan withChanges(Profile profile, boolean fullRefresh) {
        try (TableStore store = HiveTableStore.open(profile, new NoSql())) {
            List<Step> steps = plan(store);
            return new Plan(steps, TableChange.of(store, steps, fullRefresh));
        }
    }

    List<Step> plan(TableStore store) {
        PublishedVersions versions = new PublishedVersions(store);
        if (days instanceof Late late) {
            return new Planner(manifest, versions, Planner.Scope.LATE)
                    .plan(models, lateDays(late, versions), requested);
        }
        Range range = (Range) days;
        List<LocalDate> interval =
                range.from().datesUntil(range.to().plusDays(1)).toList();
        return new Planner(manifest, versions, Planner.Scope.ALL).plan(models, interval, requested);
    }

    private Collection<LocalDate> lateDays(Late late, PublishedVersions versions) {
        Set<LocalDate> made = new TreeSet<>();
        for (ModelNode model : models) {
            if (!model.partition().isEmpty()) {
                versions.all(model.table())
                        .keySet()
                        .forEach(spec -> Inputs.day(spec).ifPresent(made::add));
            }
        }
        if (late.since() == null) {
            return made;
        }
        made.retainAll(touched(late.since(), versions));
        return made;
    }

    /** Days that read what was published since a day. */
    private Set<LocalDate> touched(LocalDate since, PublishedVersions versions) {
        String first = since.format(DateTimeFormatter.BASIC_ISO_DATE);
        Inputs inputs = new Inputs(manifest);
        Set<LocalDate> touched = new TreeSet<>();
        for (ModelNode model : models) {
            for (String input : inputs.tables(model)) {
                DayRange range = inputs.range(model, input);
                for (PublishedPartition partition : versions.all(input).values()) {
                    if (partition.run().value().compareTo(first) >= 0) {
                        touched.addAll(readers(partition.spec(), range));
                    }
                }
            }
        }
        return touched;
    }

    private static Collection<LocalDate> readers(PartitionSpec spec, DayRange range) {
        if (!range.isBounded()) {
            return List.of();
        }
        return Inputs.day(spec)
                .map(day -> day.minusDays(range.to())
                        .datesUntil(day.minusDays(range.from()).plusDays(1))
                        .toList())
                .orElse(List.of());
    }
}
