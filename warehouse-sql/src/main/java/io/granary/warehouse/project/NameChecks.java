package io.granary.warehouse.project;

import io.granary.warehouse.manifest.ColumnNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Names of models and columns that must exist, and names that must not exist twice. */
final class NameChecks {
    private final ProjectLoader.Draft draft;
    private final Problems problems;
    private final Map<String, ModelDefinition> models = new HashMap<>();

    NameChecks(ProjectLoader.Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
        draft.models.forEach(model -> models.putIfAbsent(model.name(), model));
    }

    /** The model of a name, reported when there is none, unless it is one whose definition is broken. */
    Optional<ModelDefinition> model(Origin origin, String pointer, String name) {
        ModelDefinition model = models.get(name);
        boolean broken = draft.brokenTables.stream().anyMatch(table -> table.endsWith("." + name));
        if (model == null && !broken) {
            problems.add(origin.problem(
                    pointer,
                    "no model '" + name + "' in the project",
                    Suggestion.of(name, new TreeSet<>(models.keySet()), "Name a model without its database.")));
        }
        return Optional.ofNullable(model);
    }

    void columns(Origin origin, String pointer, List<String> columns, ModelDefinition model) {
        for (int i = 0; i < columns.size(); i++) {
            column(origin, pointer + "/" + i, columns.get(i), model.columnNames());
        }
    }

    void column(Origin origin, String pointer, String column, List<String> known) {
        if (!known.contains(column)) {
            problems.add(origin.problem(pointer, "no column '" + column + "'", hint(column, known)));
        }
    }

    /** What a person may have meant who wrote a column that is not there. */
    static String hint(String column, List<String> known) {
        return Suggestion.of(column, known, "Columns: " + String.join(", ", new LinkedHashSet<>(known)) + ".");
    }

    /** That a time is of the type timestamp; a column whose type is not declared may be one. */
    void timestamp(Origin origin, String pointer, ColumnNode column) {
        if (column.type() != null && !column.type().equals("timestamp")) {
            problems.add(origin.problem(
                    pointer,
                    "column '" + column.name() + "' is of type " + column.type(),
                    "The time must be a timestamp."));
        }
    }

    /** @param pointer to the list whose elements have these names */
    void once(Origin origin, String pointer, String kind, List<String> names) {
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

    static List<String> names(List<ColumnNode> columns) {
        return columns.stream().map(ColumnNode::name).toList();
    }
}
