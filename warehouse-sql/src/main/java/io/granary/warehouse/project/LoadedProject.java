package io.granary.warehouse.project;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A project as its files say it.
 *
 * @param name name of the project's folder
 * @param brokenTables tables whose definition cannot be read; who reads them is not reported on top
 * @param problems all that is wrong, sorted; what has a problem may be missing from the lists
 */
public record LoadedProject(
        String name,
        Path root,
        List<SubjectDefinition> subjects,
        List<SourceDefinition> sources,
        List<ModelDefinition> models,
        List<CounterDefinition> counters,
        List<ExportDefinition> exports,
        List<ReportDefinition> reports,
        List<SeedDefinition> seeds,
        List<UnitTestDefinition> unitTests,
        List<MetricDefinition> metrics,
        Set<String> brokenTables,
        List<Problem> problems) {

    public LoadedProject {
        subjects = List.copyOf(subjects);
        sources = List.copyOf(sources);
        models = List.copyOf(models);
        counters = List.copyOf(counters);
        exports = List.copyOf(exports);
        reports = List.copyOf(reports);
        seeds = List.copyOf(seeds);
        unitTests = List.copyOf(unitTests);
        metrics = List.copyOf(metrics);
        brokenTables = Set.copyOf(brokenTables);
        problems = List.copyOf(problems);
    }

    /** With other models. */
    public LoadedProject withModels(List<ModelDefinition> others) {
        return new LoadedProject(
                name,
                root,
                subjects,
                sources,
                others,
                counters,
                exports,
                reports,
                seeds,
                unitTests,
                metrics,
                brokenTables,
                problems);
    }

    /** A model by its bare name. */
    public Optional<ModelDefinition> model(String name) {
        return models.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** The export that takes this model out to a table, by the model's bare name; the first by name when there are several. */
    public Optional<ExportDefinition> exportOf(String model) {
        return exports.stream()
                .filter(e -> e.intoTable() && e.from().equals(model))
                .findFirst();
    }
}
