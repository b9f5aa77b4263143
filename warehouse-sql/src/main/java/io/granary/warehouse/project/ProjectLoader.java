package io.granary.warehouse.project;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds and reads the definitions of a project; there is no registry, the folders say what there is. */
public final class ProjectLoader {
    private ProjectLoader() {}

    /**
     * A project without problems.
     *
     * @throws GranaryException of code DEFINITION that lists everything that is wrong
     */
    public static LoadedProject load(Path projectDir) {
        LoadedProject project = read(projectDir);
        Problems problems = new Problems();
        problems.addAll(project.problems());
        problems.throwIfAny(project.root());
        return project;
    }

    /**
     * As {@link #load}, but hands the problems back with what could be read, so that a later step can add its own.
     *
     * @throws GranaryException when the folder is no project at all
     */
    public static LoadedProject read(Path projectDir) {
        Path root = projectDir.toAbsolutePath().normalize();
        Path subjects = root.resolve("subjects");
        if (!Files.isDirectory(subjects)) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "no project in " + root
                            + ": it has no folder 'subjects'. Name the project's folder with --project.");
        }
        ProjectFiles files = new ProjectFiles(root, new Problems());
        Draft draft = new Draft();
        for (Path folder : files.folders(subjects)) {
            new SubjectReader(files, folder, draft).read();
        }
        ProjectChecks.check(draft, files.problems());
        return draft.project(root, files.problems());
    }

    /** What was read so far. */
    static final class Draft {
        final List<SubjectDefinition> subjects = new ArrayList<>();
        final List<SourceDefinition> sources = new ArrayList<>();
        final List<ModelDefinition> models = new ArrayList<>();
        final List<CounterDefinition> counters = new ArrayList<>();
        final List<ExportDefinition> exports = new ArrayList<>();
        final List<ReportDefinition> reports = new ArrayList<>();
        final List<SeedDefinition> seeds = new ArrayList<>();
        final List<UnitTestDefinition> unitTests = new ArrayList<>();
        final List<MetricDefinition> metrics = new ArrayList<>();
        /** Whether an export cannot be read, so that nobody knows what is exported. */
        boolean hasBrokenExports;

        final Set<String> brokenTables = new LinkedHashSet<>();

        private LoadedProject project(Path root, Problems problems) {
            return new LoadedProject(
                    root.getFileName().toString(),
                    root,
                    subjects,
                    sources,
                    models,
                    counters,
                    exports,
                    reports,
                    seeds,
                    unitTests,
                    metrics,
                    brokenTables,
                    problems.sorted());
        }
    }
}
