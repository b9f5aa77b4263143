package io.granary.cli.project;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.project.FileSource;
import io.granary.warehouse.project.LoadedProject;
import io.granary.warehouse.project.LogSource;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.SourceDefinition;
import io.granary.warehouse.select.Suggestion;
import java.util.ArrayList;
import java.util.List;

/**
 * What a new model reads.
 *
 * @param table {@code database.table}; null when it reads nothing
 */
record Input(String table, String grain, List<String> unique, List<ColumnNode> columns, boolean partitioned) {

    /** One row of constants, until the author says better. */
    static Input none() {
        return new Input(
                null,
                "one row per example_id",
                List.of("example_id"),
                List.of(
                        new ColumnNode("example_id", "string", false, "TODO what it names."),
                        new ColumnNode("example_count", "bigint", false, "TODO what it counts.")),
                false);
    }

    /** The table of the project that goes by this name. */
    static Input of(String from, String subject, LoadedProject project) {
        for (ModelDefinition model : project.models()) {
            if (model.name().equals(from) || model.table().equals(from)) {
                return of(model, subject);
            }
        }
        for (SourceDefinition source : project.sources()) {
            if (List.of(source.table(), source.table().substring("ods.".length()), source.qualifiedName())
                    .contains(from)) {
                return of(source);
            }
        }
        List<String> known = new ArrayList<>();
        project.models().forEach(m -> known.add(m.name()));
        project.sources().forEach(s -> known.add(s.table().substring("ods.".length())));
        throw new GranaryException(
                ErrorCode.NOT_FOUND,
                "--from: there is no table '" + from + "'. "
                        + Suggestion.nearest(from.substring(from.indexOf('.') + 1), known)
                                .map(near -> "Did you mean '" + near + "'?")
                                .orElse("Tables: " + String.join(", ", known) + "."));
    }

    private static Input of(ModelDefinition model, String subject) {
        if (!model.subject().equals(subject) && !model.access().equals("public")) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "--from: " + model.table() + " is private to subject '" + model.subject()
                            + "'. Read a public table, or ask its owner " + model.owner() + " for access: public.");
        }
        return new Input(
                model.table(),
                model.grain(),
                model.unique(),
                model.columns(),
                model.partition().contains("ds"));
    }

    private static Input of(SourceDefinition source) {
        if (source instanceof FileSource file) {
            return new Input(
                    file.table(),
                    "one row per row of the files",
                    List.of(file.columns().get(0).name()),
                    file.columns(),
                    true);
        }
        if (!(source instanceof LogSource log)) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "--from: the columns of " + source.table() + " are those of its database, which are not known here."
                            + " Leave --from out, and write `FROM " + source.table()
                            + " WHERE ds = :ds` and the columns you need.");
        }
        List<ColumnNode> columns = new ArrayList<>(List.of(
                new ColumnNode("region", "string", false, "Where the line was collected."),
                new ColumnNode("site", "string", false, "Site the log belongs to."),
                new ColumnNode("host", "string", false, "Host that wrote the line."),
                new ColumnNode("file", "string", false, "File the line stood in."),
                new ColumnNode("line_offset", "bigint", false, "Offset of the line in its file, in bytes.")));
        List<String> front = columns.stream().map(ColumnNode::name).toList();
        log.columns().stream()
                .filter(c -> !front.contains(c.name()))
                .map(c -> new ColumnNode(c.name(), c.type(), false, c.description()))
                .forEach(columns::add);
        return new Input(
                log.table(),
                "one row per line of the log",
                List.of("region", "host", "file", "line_offset"),
                columns,
                true);
    }

    /** How a column stands in the SELECT. */
    String expression(ColumnNode column) {
        if (table != null) {
            return "t." + column.name();
        }
        String value = column.type().equals("string") ? "'example'" : "1";
        return "CAST(" + value + " AS " + column.type().toUpperCase(java.util.Locale.ROOT) + ") AS " + column.name();
    }

    /** What stands behind the columns. */
    String tail() {
        if (table == null) {
            return "-- FROM dwd.dwd_<subject>_<process>_di AS t\n-- WHERE t.ds = :ds";
        }
        return "FROM " + table + " AS t" + (partitioned ? "\nWHERE t.ds = :ds" : "");
    }
}
