package io.granary.warehouse.project;

import java.util.HashMap;
import java.util.Map;

/** What no schema of a single file can say: names that must exist, or must not exist twice. */
final class ProjectChecks {
    private final ProjectLoader.Draft draft;
    private final Problems problems;
    private final NameChecks names;

    private ProjectChecks(ProjectLoader.Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
        this.names = new NameChecks(draft, problems);
    }

    static void check(ProjectLoader.Draft draft, Problems problems) {
        ProjectChecks checks = new ProjectChecks(draft, problems);
        SourceChecks sources = new SourceChecks(checks.names, problems);
        draft.subjects.forEach(subject -> sources.zone(subject.origin(), subject.timeZone()));
        draft.sources.forEach(sources::check);
        draft.models.forEach(checks::model);
        new ServingChecks(draft, checks.names, problems).check();
        new QualityChecks(draft, checks.names, problems).check();
        checks.duplicateTables();
        checks.duplicateExports();
    }

    private void model(ModelDefinition model) {
        names.once(model.origin(), "/columns", "column", NameChecks.names(model.columns()));
        names.columns(model.origin(), "/unique", model.unique(), model);
        names.columns(model.origin(), "/key", model.key(), model);
        names.columns(model.origin(), "/tracked", model.tracked(), model);
        streamable(model);
        for (int i = 0; i < model.columns().size(); i++) {
            String name = model.columns().get(i).name();
            if (model.isScd2()
                    && ModelDefinition.VERSION_COLUMNS.stream()
                            .anyMatch(column -> column.name().equals(name))) {
                problems.add(model.origin()
                        .problem(
                                "/columns/" + i + "/name",
                                "column '" + name + "' is one that every scd2 table has",
                                "Leave it out of the columns; the run adds it."));
            }
            if (model.partition().contains(name)) {
                problems.add(model.origin()
                        .problem(
                                "/columns/" + i + "/name",
                                "column '" + name + "' is the partition's",
                                "Leave it out of the columns; the run adds it."));
            }
        }
    }

    private void streamable(ModelDefinition model) {
        if (!model.streamable()) {
            return;
        }
        if (model.layer() != Layer.DWD || !model.materialization().equals("incremental")) {
            problems.add(model.origin()
                    .problem(
                            "/streamable",
                            "streamable is true in layer " + model.layer().database() + ", materialization "
                                    + model.materialization(),
                            "It must be layer dwd, materialization incremental."));
        }
    }

    private void duplicateTables() {
        Map<String, String> files = new HashMap<>();
        draft.sources.forEach(
                source -> oneTable(files, source.table(), source.origin().file(), source.origin()));
        draft.models.forEach(model -> oneTable(files, model.table(), model.sqlFile(), model.origin()));
    }

    private void oneTable(Map<String, String> files, String table, String file, Origin origin) {
        String first = files.putIfAbsent(table, file);
        if (first != null) {
            problems.add(Problem.at(
                    origin.file(),
                    Position.START,
                    "table " + table + " is defined twice",
                    "The other is " + first + "."));
        }
    }

    private void duplicateExports() {
        Map<String, String> files = new HashMap<>();
        for (ExportDefinition export : draft.exports) {
            String first = files.putIfAbsent(export.target(), export.origin().file());
            if (first != null) {
                problems.add(export.origin()
                        .problem(
                                export.intoTable() ? "/table" : "/redis",
                                export.target() + " is filled twice",
                                "The other is " + first + "."));
            }
        }
    }
}
