package io.granary.batch.run;

import io.granary.batch.env.EnvironmentManifest;
import io.granary.batch.env.EnvironmentName;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.config.Profile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Partitions that the steps of a plan read of an environment's tables, which production has and the environment has not:
 * what is made from them has holes that production's has not.
 */
final class MissingDays {
    private static final int SHOWN = 3;

    private final EnvironmentName environment;
    private final Inputs inputs;
    private final PublishedVersions versions;
    private final Map<String, Set<PartitionSpec>> planned = new TreeMap<>();
    private final Map<String, TreeSet<String>> missing = new TreeMap<>();

    private MissingDays(EnvironmentManifest project, EnvironmentName environment, TableStore store) {
        this.environment = environment;
        this.inputs = new Inputs(project.manifest());
        this.versions = new PublishedVersions(store);
    }

    /** Prints them, and the commands that make them. Production has none. */
    static void warn(EnvironmentManifest project, List<Step> steps, Profile profile) {
        if (project.environment().isEmpty() || steps.isEmpty()) {
            return;
        }
        try (TableStore store = HiveTableStore.open(profile, new NoSql())) {
            new MissingDays(project, project.environment().get(), store)
                    .of(steps)
                    .forEach(warning -> System.err.println("warning: " + warning));
        }
    }

    private List<String> of(List<Step> steps) {
        for (Step step : steps) {
            Target target = step.target();
            planned.computeIfAbsent(target.model().table(), t -> new HashSet<>())
                    .add(target.spec());
        }
        steps.forEach(step -> look(step.target()));
        List<String> warnings = new ArrayList<>();
        missing.forEach((table, partitions) -> warnings.add(text(table, partitions)));
        return warnings;
    }

    private void look(Target target) {
        for (String input : inputs.tables(target.model())) {
            if (!environment.holds(input)) {
                continue;
            }
            Set<PartitionSpec> there = versions.all(input).keySet();
            for (PartitionSpec spec :
                    versions.all(environment.production(input)).keySet()) {
                boolean made = there.contains(spec)
                        || planned.getOrDefault(input, Set.of()).contains(spec);
                if (!made && inputs.reads(target, input, spec)) {
                    missing.computeIfAbsent(input, t -> new TreeSet<>()).add(spec.toString());
                }
            }
        }
    }

    private String text(String table, TreeSet<String> partitions) {
        String model = table.replaceFirst(".*\\.", "");
        if (partitions.contains("")) {
            return table + " is not built yet, and production has it. Build it: granary build --env " + environment
                    + " --select " + model + " --ds D";
        }
        TreeSet<LocalDate> days = new TreeSet<>();
        partitions.forEach(p -> Inputs.day(PartitionSpec.parse(p)).ifPresent(days::add));
        List<String> first = partitions.stream().limit(SHOWN).toList();
        String shown = String.join(", ", first)
                + (partitions.size() > SHOWN
                        ? " and " + (partitions.size() - SHOWN) + " more up to " + partitions.last()
                        : "");
        String range = Optional.of(days)
                .filter(found -> !found.isEmpty())
                .map(found -> " --from " + found.first() + " --to " + found.last())
                .orElse("");
        return table + " lacks partitions that production has and that are read: " + shown
                + ". Build them first: granary backfill --env " + environment + " --select " + model + range;
    }
}
