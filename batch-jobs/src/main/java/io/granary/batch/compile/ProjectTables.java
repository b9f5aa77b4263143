package io.granary.batch.compile;

import io.granary.warehouse.project.LoadedProject;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.SeedDefinition;
import io.granary.warehouse.project.SourceDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The tables of a project, by {@code database.table}. */
final class ProjectTables {
    private final Map<String, ModelDefinition> models = new HashMap<>();
    private final Map<String, SourceDefinition> sources = new HashMap<>();
    private final Map<String, SeedDefinition> seeds = new HashMap<>();
    private final Set<String> broken;

    ProjectTables(LoadedProject project) {
        project.models().forEach(model -> models.putIfAbsent(model.table(), model));
        project.sources().forEach(source -> sources.putIfAbsent(source.table(), source));
        project.seeds().forEach(seed -> seeds.putIfAbsent(seed.table(), seed));
        broken = project.brokenTables();
    }

    Optional<ModelDefinition> model(String table) {
        return Optional.ofNullable(models.get(table));
    }

    Optional<SourceDefinition> source(String table) {
        return Optional.ofNullable(sources.get(table));
    }

    Optional<SeedDefinition> seed(String table) {
        return Optional.ofNullable(seeds.get(table));
    }

    /** Whether the project defines it, be it with mistakes. */
    boolean isDefined(String table) {
        return models.containsKey(table) || sources.containsKey(table) || seeds.containsKey(table) || isBroken(table);
    }

    boolean isBroken(String table) {
        return broken.contains(table);
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>(models.keySet());
        names.addAll(sources.keySet());
        names.addAll(seeds.keySet());
        return names;
    }
}
