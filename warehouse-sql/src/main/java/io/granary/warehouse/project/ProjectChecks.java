package io.granary.warehouse.project;

import io.granary.warehouse.log.format.FormatException;
import io.granary.warehouse.log.format.LineFormat;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.ReportColumn;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What no schema of a single file can say: names that must exist, or must not exist twice. */
final class ProjectChecks {
    private final ProjectLoader.Draft draft;
    private final Problems problems;
    private final Map<String, ModelDefinition> models = new HashMap<>();

    private ProjectChecks(ProjectLoader.Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
        models.putAll(models(draft));
    }

    private static Map<String, ModelDefinition> models(ProjectLoader.Draft draft) {
        Map<String, ModelDefinition> models = new HashMap<>();
        draft.models.forEach(model -> models.putIfAbsent(model.name(), model));
        return models;
    }

    static void check(ProjectLoader.Draft draft, Problems problems) {
        ProjectChecks checks = new ProjectChecks(draft, problems);
        draft.subjects.forEach(subject -> checks.zone(subject.origin(), subject.timeZone()));
        draft.sources.forEach(checks::source);
        draft.models.forEach(checks::model);
        draft.counters.forEach(checks::counter);
        draft.counters.forEach(counter -> new CounterChecks(counter, problems).check());
        draft.exports.forEach(checks::export);
        draft.reports.forEach(checks::report);
        new QualityChecks(draft, models(draft), problems).check();
        checks.duplicateTables();
        checks.duplicateExports();
    }

    /** Checks the zone where it is written, not where it is inherited. */
    private void zone(Origin origin, String zone) {
        if (!origin.values().containsKey("/time_zone")) {
            return;
        }
        try {
            ZoneId.of(zone);
        } catch (DateTimeException e) {
            problems.add(origin.problem(
                    "/time_zone", "time_zone is '" + zone + "'", "Use a zone's name, such as UTC or Asia/Shanghai."));
        }
    }

    private void source(SourceDefinition source) {
        zone(source.origin(), source.timeZone());
        if (source instanceof FileSource file) {
            new FileChecks(file, problems).check();
            once(file.origin(), "/columns", "column", names(file.columns()));
            return;
        }
        if (source instanceof JdbcSource jdbc) {
            JdbcChecks.check(jdbc, problems);
        }
        if (!(source instanceof LogSource log)) {
            return;
        }
        if (log.poll() != null) {
            zone(log.origin(), log.poll().timeZone());
        } else if (log.files().isEmpty() && !log.inbox()) {
            problems.add(log.origin()
                    .problem("", "nothing can come in: no files and no inbox", "Name files, or set inbox: true."));
        }
        if (!log.format().equals("json")) {
            format(log);
            return;
        }
        once(log.origin(), "/columns", "column", names(log.columns()));
        for (int i = 0; i < log.columns().size(); i++) {
            String name = log.columns().get(i).name();
            if (LogSource.RESERVED.contains(name)) {
                problems.add(log.origin()
                        .problem(
                                "/columns/" + i + "/name",
                                "column '" + name + "' is there already",
                                "Every log table has " + String.join(", ", LogSource.RESERVED) + "."));
            }
        }
        Optional<ColumnNode> time = log.columns().stream()
                .filter(column -> column.name().equals(log.eventTime()))
                .findFirst();
        if (time.isEmpty()) {
            unknownColumn(log.origin(), "/event_time", log.eventTime(), names(log.columns()));
        } else if (!time.get().type().equals("timestamp")) {
            notTimestamp(log.origin(), "/event_time", time.get());
        }
    }

    private void format(LogSource log) {
        try {
            LineFormat.of(log.format());
        } catch (FormatException e) {
            problems.add(log.origin().problem("/format", e.what(), e.hint()));
        }
    }

    private void model(ModelDefinition model) {
        once(model.origin(), "/columns", "column", names(model.columns()));
        columnsExist(model.origin(), "/unique", model.unique(), model);
        columnsExist(model.origin(), "/key", model.key(), model);
        columnsExist(model.origin(), "/tracked", model.tracked(), model);
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

    private void counter(CounterDefinition counter) {
        Optional<ModelDefinition> from = from(counter.origin(), counter.from());
        once(
                counter.origin(),
                "/measures",
                "measure",
                counter.measures().stream().map(MeasureNode::name).toList());
        if (from.isEmpty()) {
            return;
        }
        ModelDefinition model = from.get();
        if (!model.streamable()) {
            problems.add(counter.origin()
                    .problem(
                            "/from",
                            "model '" + model.name() + "' is not streamable",
                            "Count over a DWD model with streamable: true."));
        }
        columnsExist(counter.origin(), "/by", counter.by(), model);
        if (!model.hasColumn(counter.time())) {
            unknownColumn(counter.origin(), "/time", counter.time(), model.columnNames());
        }
        model.columns().stream()
                .filter(column -> column.name().equals(counter.time())
                        && !"timestamp".equals(column.type())
                        && column.type() != null)
                .forEach(column -> notTimestamp(counter.origin(), "/time", column));
        for (int i = 0; i < counter.measures().size(); i++) {
            String column = counter.measures().get(i).column();
            if (column != null && !model.hasColumn(column)) {
                unknownColumn(counter.origin(), "/measures/" + i + "/column", column, model.columnNames());
            }
        }
    }

    private void export(ExportDefinition export) {
        Optional<ModelDefinition> from = from(export.origin(), export.from());
        from.ifPresent(model -> columnsExist(export.origin(), "/key", export.key(), model));
        if (!export.intoTable()
                && from.isPresent()
                && !from.get().hasColumn(export.redis().id())) {
            unknownColumn(
                    export.origin(),
                    "/redis/id",
                    export.redis().id(),
                    from.get().columnNames());
        }
    }

    private void report(ReportDefinition report) {
        Optional<ModelDefinition> from = from(report.origin(), report.from());
        List<String> columns = report.columns().stream().map(ReportColumn::name).toList();
        once(report.origin(), "/columns", "column", columns);
        if (from.isEmpty()) {
            return;
        }
        if (!draft.hasBrokenExports
                && draft.exports.stream()
                        .noneMatch(export -> export.intoTable() && export.from().equals(report.from()))) {
            problems.add(report.origin()
                    .problem(
                            "/from",
                            "model '" + report.from() + "' is not exported",
                            "Reports read the sharing layer: add an export of it."));
        }
        for (int i = 0; i < columns.size(); i++) {
            if (!from.get().hasColumn(columns.get(i))) {
                unknownColumn(
                        report.origin(),
                        "/columns/" + i + "/name",
                        columns.get(i),
                        from.get().columnNames());
            }
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

    /** The model that {@code from} names, reported when there is none. */
    private Optional<ModelDefinition> from(Origin origin, String name) {
        ModelDefinition model = models.get(name);
        boolean broken = draft.brokenTables.stream().anyMatch(table -> table.endsWith("." + name));
        if (model == null && !broken) {
            problems.add(origin.problem(
                    "/from",
                    "no model '" + name + "' in the project",
                    Suggestion.of(name, new TreeSet<>(models.keySet()), "Name a model without its database.")));
        }
        return Optional.ofNullable(model);
    }

    private void columnsExist(Origin origin, String pointer, List<String> columns, ModelDefinition model) {
        for (int i = 0; i < columns.size(); i++) {
            if (!model.hasColumn(columns.get(i))) {
                unknownColumn(origin, pointer + "/" + i, columns.get(i), model.columnNames());
            }
        }
    }

    private void unknownColumn(Origin origin, String pointer, String column, List<String> known) {
        problems.add(origin.problem(
                pointer,
                "no column '" + column + "'",
                Suggestion.of(
                        column,
                        known,
                        "Columns: " + known.stream().distinct().collect(Collectors.joining(", ")) + ".")));
    }

    private void notTimestamp(Origin origin, String pointer, ColumnNode column) {
        problems.add(origin.problem(
                pointer,
                "column '" + column.name() + "' is of type " + column.type(),
                "The time must be a timestamp."));
    }

    private void once(Origin origin, String pointer, String kind, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.add(names.get(i))) {
                problems.add(origin.problem(
                        pointer + "/" + i + "/name",
                        kind + " '" + names.get(i) + "' is defined twice",
                        "Give one of them another name."));
            }
        }
    }

    private static List<String> names(List<ColumnNode> columns) {
        return columns.stream().map(ColumnNode::name).toList();
    }
}
