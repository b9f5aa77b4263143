package io.granary.batch.compile;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.project.LogSource;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.Position;
import io.granary.warehouse.project.Problem;
import io.granary.warehouse.project.Problems;
import io.granary.warehouse.project.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What can be said about one model's query by the names of the project. */
record ModelChecks(ModelDefinition model, ModelQuery query, ProjectTables tables, Problems problems) {
    void check() {
        query.tables().forEach(this::table);
        query.parameters().forEach(this::parameter);
        columns();
        if (model.streamable()) {
            streamable();
        }
    }

    private void table(List<String> parts, Position position) {
        String table = String.join(".", parts);
        if (parts.size() != 2) {
            String hint = tables.names().stream()
                    .filter(name -> name.endsWith("." + parts.get(parts.size() - 1)))
                    .findFirst()
                    .map(name -> "Write " + name + ".")
                    .orElse("Write it as database.table.");
            report(position, "table '" + table + "' is not read as database.table", hint);
            return;
        }
        if (!tables.isDefined(table)) {
            report(
                    position,
                    "no table " + table + " in the project",
                    Suggestion.of(table, tables.names(), "Tables come from sources and models."));
        }
        layer(table, parts.get(0), position);
        tables.model(table)
                .filter(other -> !other.subject().equals(model.subject()))
                .filter(other -> !other.access().equals("public"))
                .ifPresent(other -> report(
                        position,
                        "table " + table + " is private to subject '" + other.subject() + "'",
                        "Read a public one, or set access: public there."));
    }

    private void layer(String table, String database, Position position) {
        boolean own = table.equals(model.table());
        if (own && !model.materialization().equals("incremental")) {
            report(
                    position,
                    "a model of materialization " + model.materialization() + " reads its own table",
                    "Only an incremental model may, for the days before.");
        }
        if (!own && tables.isDefined(table) && !model.layer().mayRead(database)) {
            report(
                    position,
                    "layer " + model.layer().database() + " may not read layer " + database,
                    "It may read " + String.join(", ", model.layer().readable()) + ".");
        }
    }

    private void parameter(String name, Position position) {
        boolean hourly = model.partition().contains("hh");
        if (!name.equals(Compiler.PARAMETER) && !(hourly && name.equals("hh"))) {
            report(
                    position,
                    "unknown parameter :" + name,
                    hourly ? "The parameters are :ds and :hh." : "The only parameter is :ds.");
        }
    }

    private void columns() {
        if (query.columns().isEmpty()) {
            return;
        }
        List<String> declared = model.columns().stream().map(ColumnNode::name).toList();
        List<String> yielded =
                query.columns().stream().map(name -> name.orElse("?")).toList();
        if (yielded.contains("?")) {
            report(
                    Position.START,
                    "column " + (yielded.indexOf("?") + 1) + " of the SELECT has no name",
                    "Name every column, without *.");
        } else if (!declared.equals(yielded)) {
            report(
                    Position.START,
                    "the SELECT yields (" + String.join(", ", yielded) + ")",
                    "The YAML declares (" + String.join(", ", declared) + "); make them equal, in order.");
        }
    }

    private void streamable() {
        query.unstreamable()
                .ifPresent(part -> report(
                        part.position(),
                        "a streamable model has " + part.clause(),
                        "It may only select and filter rows of one log source, and join dimensions to them."));
        List<String> reads = new ArrayList<>();
        query.tables().keySet().forEach(parts -> reads.add(String.join(".", parts)));
        List<String> joined = new StreamJoins(model, tables, problems).check(query.plan());
        List<String> streamed =
                reads.stream().filter(table -> !joined.contains(table)).toList();
        boolean oneLog = streamed.size() == 1
                && tables.source(streamed.get(0))
                        .map(LogSource.class::isInstance)
                        .orElse(!tables.isDefined(streamed.get(0)) || tables.isBroken(streamed.get(0)));
        if (!oneLog) {
            report(
                    Position.START,
                    "a streamable model reads (" + String.join(", ", new TreeSet<>(reads)) + ")",
                    "It must read the ODS table of one log source.");
        }
    }

    private void report(Position position, String what, String hint) {
        problems.add(Problem.at(model.sqlFile(), position, what, hint));
    }
}
