package io.granary.cli.project;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.project.Layer;
import io.granary.warehouse.project.LoadedProject;
import io.granary.warehouse.project.ProjectLoader;
import io.granary.warehouse.project.SubjectDefinition;
import io.granary.warehouse.select.Suggestion;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A model that compiles at once.
 *
 * @param from a table to read, with or without its database; null for none
 */
record NewModel(Path project, String layer, String name, String subject, String from) {
    private static final String SQL = """
            -- TODO what one row says, and from what it is made.
            -- Grain: {grain}. Late rows: the day they belong to is built again.
            --
            -- One SELECT, which yields the columns of {name}.yaml, in that order, without the partition columns.
            -- Tables are written with their database; every partitioned table is read by its day: ds = :ds.
            SELECT
            {select}
            {tail}
            """;
    private static final String YAML = """
            # What the table promises; `granary compile` holds the SQL beside it to that.
            description: {description}
            owner: {owner}
            grain: {grain}    # what one row is, as a sentence
            unique: [{unique}]    # the same in columns; tested in every build
            partition: [ds]    # one partition a day
            materialization: incremental    # a day's partition is built from that day
            access: private    # public: other subjects may read it
            columns:    # every column of the SELECT, in its order
            {columns}
            # More tests, each a SELECT of the rows that are wrong (severity: fail or warn):
            # tests:
            #   - not_null: [{first}]
            #   - row_count: {min: 1}
            #     severity: warn
            """;

    List<Path> write() {
        Layer place = Layer.of(layer).orElseThrow(this::unknownLayer);
        LoadedProject loaded = ProjectLoader.read(project);
        SubjectDefinition owner = subject(loaded);
        if (!name.matches(NewFiles.NAME) || !place.allows(name, subject)) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "'" + name + "' is no name for a " + layer + " table of " + subject + ": "
                            + place.convention(subject) + rightName(place));
        }
        loaded.model(name).ifPresent(other -> {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "table " + other.table() + " is there already: " + other.sqlFile() + ". Choose another name.");
        });
        Input input = from == null ? Input.none() : Input.of(from, subject, loaded);
        Path folder =
                project.resolve("subjects").resolve(subject).resolve("models").resolve(layer);
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(folder.resolve(name + ".sql"), fill(SQL, input, owner));
        files.put(folder.resolve(name + ".yaml"), fill(YAML, input, owner));
        return new NewFiles(files).write();
    }

    private GranaryException unknownLayer() {
        String hint = layer.equals("ods")
                ? "ods tables are made from sources: write subjects/" + subject + "/sources/<source>.yaml."
                : "Layers: " + String.join(", ", Layer.folders()) + ".";
        return new GranaryException(ErrorCode.USAGE, "models have no layer '" + layer + "'. " + hint);
    }

    private SubjectDefinition subject(LoadedProject loaded) {
        List<String> known =
                loaded.subjects().stream().map(SubjectDefinition::name).toList();
        return loaded.subjects().stream()
                .filter(s -> s.name().equals(subject))
                .findFirst()
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.NOT_FOUND,
                        "there is no subject '" + subject + "'. "
                                + Suggestion.nearest(subject, known)
                                        .map(near -> "Did you mean '" + near + "'?")
                                        .orElse("Write one with `granary new subject " + subject + "`.")));
    }

    /** The name that the convention makes of what was given. */
    private String rightName(Layer place) {
        String stem = name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        stem = stem.replaceAll("^_+|_+$", "");
        for (String front : List.of(layer + "_", subject + "_")) {
            stem = stem.startsWith(front) ? stem.substring(front.length()) : stem;
        }
        String front = layer + "_" + (place == Layer.DIM ? "" : subject + "_");
        String back = switch (place) {
            case DIM -> "_df";
            case DWD -> "_di";
            case DWS -> "_1d";
            default -> "";
        };
        String right = front + stem + back;
        return place.allows(right, subject) ? ". Perhaps " + right + "?" : "";
    }

    private String fill(String template, Input input, SubjectDefinition owner) {
        String select =
                input.columns().stream().map(c -> "    " + input.expression(c)).collect(Collectors.joining(",\n"));
        String columns = input.columns().stream()
                .map(c -> "  - {name: " + c.name() + ", type: " + type(c.type()) + ", description: "
                        + quoted(c.description()) + "}")
                .collect(Collectors.joining("\n"));
        return template.replace("{name}", name)
                        .replace("{grain}", input.grain())
                        .replace("{select}", select)
                        .replace("{tail}", input.tail())
                        .replace("{description}", "TODO what a reader finds here, in one sentence.")
                        .replace("{owner}", NewFiles.yaml(owner.owner()))
                        .replace("{unique}", String.join(", ", input.unique()))
                        .replace("{first}", input.columns().get(0).name())
                        .replace("{columns}", columns)
                        .strip()
                + "\n";
    }

    private static String type(String type) {
        return type.contains(",") || type.contains("<") ? '"' + type + '"' : type;
    }

    /** In a flow mapping more characters have a meaning than elsewhere. */
    private static String quoted(String text) {
        String shown = text == null || text.isBlank() ? "TODO what it says." : text;
        return shown.matches("[A-Za-z][A-Za-z0-9_. ()/;'-]*") && !shown.contains(" #")
                ? shown
                : NewFiles.yaml(shown + " ").replace(" \"", "\"");
    }
}
