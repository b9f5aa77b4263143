package io.granary.batch.run;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says of single partitions what plan would say of them if nothing else were to be made. */
public final class Outdated {
    private final PublishedVersions versions;
    private final Planner planner;

    public Outdated(Manifest manifest, VersionSource source) {
        this.versions = new PublishedVersions(source);
        this.planner = new Planner(manifest, versions, Planner.Scope.ALL);
    }

    /** Why plan would make the partition again, such as {@code input newer: ods.x ds=2026-11-01}; empty when not. */
    public Optional<String> reason(ModelNode model, PartitionSpec spec) {
        if (!spec.entries().isEmpty()) {
            String hh = spec.values().size() > 1 ? spec.values().get(1) : null;
            return reason(new Target(model, LocalDate.parse(spec.values().get(0)), hh));
        }
        // as of which day it was made is not recorded: one of those that it read
        Optional<String> first = Optional.empty();
        for (LocalDate day : daysRead(model, spec).descendingSet()) {
            Optional<String> reason = reason(new Target(model, day, null));
            if (reason.isEmpty()) {
                return reason;
            }
            first = first.isEmpty() ? reason : first;
        }
        return first;
    }

    private Optional<String> reason(Target target) {
        List<Reason> reasons = planner.reasons(target, false);
        return reasons.isEmpty()
                ? Optional.empty()
                : Optional.of(reasons.stream().map(Reason::text).collect(Collectors.joining("; ")));
    }

    private TreeSet<LocalDate> daysRead(ModelNode model, PartitionSpec whole) {
        TreeSet<LocalDate> days = new TreeSet<>();
        Map<PartitionSpec, PublishedPartition> published = versions.of(model.table(), List.of(whole));
        Optional.ofNullable(published.get(whole))
                .flatMap(partition -> versions.provenance(model.table(), partition))
                .map(Provenance::inputs)
                .orElse(List.of())
                .forEach(input -> input.partitions().keySet().stream()
                        .filter(name -> !name.isEmpty())
                        .map(PartitionSpec::parse)
                        .map(Inputs::day)
                        .forEach(day -> day.ifPresent(days::add)));
        if (days.isEmpty()) {
            days.add(LocalDate.now(ZoneOffset.UTC));
        }
        return days;
    }
}
