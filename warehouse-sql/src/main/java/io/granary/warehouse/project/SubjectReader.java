package io.granary.warehouse.project;

import io.granary.warehouse.manifest.TestNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Reads one subject's folder. */
final class SubjectReader {
    static final String NAME = "[a-z][a-z0-9]*(_[a-z0-9]+)*";
    private static final List<String> FOLDERS =
            List.of("sources", "models", "tests", "seeds", "counters", "exports", "metrics", "reports");

    private final ProjectFiles files;
    private final Path folder;
    private final String subject;
    private final ProjectLoader.Draft draft;

    SubjectReader(ProjectFiles files, Path folder, ProjectLoader.Draft draft) {
        this.files = files;
        this.folder = folder;
        this.subject = folder.getFileName().toString();
        this.draft = draft;
    }

    void read() {
        refuseUnknown();
        String zone = subject();
        definitions("sources", (file, name) -> source(file, name, zone));
        definitions(
                "counters",
                (file, name) -> files.yaml(file, DefinitionSchema.COUNTER)
                        .ifPresent(yaml -> draft.counters.add(CounterDefinition.of(subject, name, yaml))));
        definitions(
                "exports",
                (file, name) -> files.yaml(file, DefinitionSchema.EXPORT)
                        .ifPresentOrElse(
                                yaml -> draft.exports.add(ExportDefinition.of(subject, name, yaml)),
                                () -> draft.hasBrokenExports = true));
        definitions(
                "reports",
                (file, name) -> files.yaml(file, DefinitionSchema.REPORT)
                        .ifPresent(yaml -> draft.reports.add(ReportDefinition.of(subject, name, yaml))));
        definitions(
                "metrics",
                (file, name) -> files.yaml(file, DefinitionSchema.METRIC)
                        .ifPresent(yaml -> draft.metrics.add(MetricDefinition.of(subject, name, yaml))));
        seeds();
        unitTests();
        models();
    }

    private void refuseUnknown() {
        for (Path child : files.folders(folder)) {
            String name = child.getFileName().toString();
            if (!FOLDERS.contains(name)) {
                files.problem(
                        child,
                        "unknown folder '" + name + "'",
                        Suggestion.of(name, FOLDERS, "Known folders: " + String.join(", ", FOLDERS) + "."));
            }
        }
        refuseOthers(folder, "subject.yaml");
    }

    /** Reads subject.yaml; the zone of the subject's days, UTC when it cannot be read. */
    private String subject() {
        Path file = folder.resolve("subject.yaml");
        if (!Files.isRegularFile(file)) {
            files.problem(file, "subject '" + subject + "' has no subject.yaml", "Write it, or delete the folder.");
            return "UTC";
        }
        Optional<YamlFile> yaml = files.yaml(file, DefinitionSchema.SUBJECT);
        if (yaml.isEmpty()) {
            return "UTC";
        }
        SubjectDefinition definition = SubjectDefinition.of(yaml.get());
        if (!definition.name().equals(subject)) {
            files.problems()
                    .add(definition
                            .origin()
                            .problem(
                                    "/name",
                                    "name is '" + definition.name() + "', the folder is '" + subject + "'",
                                    "They must be the same."));
        }
        draft.subjects.add(definition);
        return definition.timeZone();
    }

    private void source(Path file, String name, String zone) {
        Optional<YamlFile> yaml = files.yaml(file, DefinitionSchema.SOURCE);
        if (yaml.isPresent()) {
            draft.sources.add(SourceDefinition.of(subject, name, zone, yaml.get()));
            return;
        }
        draft.brokenTables.add("ods.ods_" + subject + "_" + name + "_hi");
        draft.brokenTables.add("ods.ods_" + subject + "_" + name + "_df");
    }

    private void definitions(String kind, BiConsumer<Path, String> reader) {
        Path in = folder.resolve(kind);
        for (Path child : files.folders(in)) {
            files.problem(child, "a folder inside " + kind, "Definitions stand in " + kind + "/ itself.");
        }
        for (Path file : files.files(in)) {
            String fileName = file.getFileName().toString();
            if (!fileName.endsWith(".yaml")) {
                refuse(file);
                continue;
            }
            String name = stem(fileName);
            checkName(file, name);
            reader.accept(file, name);
        }
    }

    private void seeds() {
        Path in = folder.resolve("seeds");
        for (Path child : files.folders(in)) {
            files.problem(child, "a folder inside seeds", "Seeds stand in seeds/ itself.");
        }
        TreeSet<String> names = new TreeSet<>();
        for (Path file : files.files(in)) {
            String fileName = file.getFileName().toString();
            if (fileName.endsWith(".csv") || fileName.endsWith(".yaml")) {
                names.add(stem(fileName));
            } else {
                refuse(file);
            }
        }
        names.forEach(name -> seed(in, name));
    }

    private void seed(Path in, String name) {
        Path csv = in.resolve(name + ".csv");
        Path yaml = in.resolve(name + ".yaml");
        checkName(Files.isRegularFile(csv) ? csv : yaml, name);
        Optional<SeedDefinition> seed = Optional.empty();
        if (!Files.isRegularFile(csv)) {
            files.problem(yaml, name + ".yaml has no " + name + ".csv beside it", "A seed is a CSV file.");
        } else {
            Optional<String> text = files.text(csv);
            if (!Files.isRegularFile(yaml)) {
                seed = text.flatMap(t -> seed(csv, name, t, Optional.empty()));
            } else {
                Optional<YamlFile> content = files.yaml(yaml, DefinitionSchema.SEED);
                seed = content.isEmpty() ? seed : text.flatMap(t -> seed(csv, name, t, content));
            }
        }
        seed.ifPresentOrElse(draft.seeds::add, () -> draft.brokenTables.add(SeedDefinition.table(subject, name)));
    }

    private Optional<SeedDefinition> seed(Path csv, String name, String text, Optional<YamlFile> yaml) {
        return new SeedReader(files.name(csv), files.problems()).read(subject, name, text, yaml);
    }

    /** tests/<model>/ holds the model's unit tests (YAML) and the files of its SQL tests. */
    private void unitTests() {
        Path in = folder.resolve("tests");
        files.files(in).forEach(this::refuse);
        for (Path child : files.folders(in)) {
            String model = child.getFileName().toString();
            for (Path file : files.files(child)) {
                String fileName = file.getFileName().toString();
                if (!fileName.endsWith(".yaml")) {
                    if (!fileName.endsWith(".sql")) {
                        refuse(file);
                    }
                    continue;
                }
                checkName(file, stem(fileName));
                files.yaml(file, DefinitionSchema.UNIT_TEST)
                        .ifPresent(yaml ->
                                draft.unitTests.add(UnitTestDefinition.of(subject, model, stem(fileName), yaml)));
            }
        }
    }

    private void checkName(Path file, String name) {
        if (!name.matches(NAME)) {
            files.problem(
                    file,
                    "name '" + name + "' is not allowed",
                    "Lower-case letters, digits and underscores, beginning with a letter.");
        }
    }

    private void models() {
        Path in = folder.resolve("models");
        for (Path stray : files.files(in)) {
            refuse(stray);
        }
        for (Path child : files.folders(in)) {
            String name = child.getFileName().toString();
            Optional<Layer> layer = Layer.of(name);
            if (layer.isPresent()) {
                models(child, layer.get());
                continue;
            }
            String hint = name.equals("ods")
                    ? "ODS tables are made from sources/."
                    : "Layers: " + String.join(", ", Layer.folders()) + ".";
            files.problem(child, "unknown layer '" + name + "'", hint);
        }
    }

    private void models(Path in, Layer layer) {
        TreeSet<String> names = new TreeSet<>();
        for (Path file : files.files(in)) {
            String fileName = file.getFileName().toString();
            if (fileName.endsWith(".sql") || fileName.endsWith(".yaml")) {
                names.add(stem(fileName));
            } else {
                refuse(file);
            }
        }
        names.forEach(name -> model(in, layer, name));
    }

    private void model(Path in, Layer layer, String name) {
        Path sql = in.resolve(name + ".sql");
        Path yaml = in.resolve(name + ".yaml");
        Path first = Files.isRegularFile(sql) ? sql : yaml;
        if (!layer.allows(name, subject)) {
            files.problem(
                    first,
                    "'" + name + "' is no name of a table of layer " + layer.database() + " in subject " + subject,
                    "Tables there are named " + layer.convention(subject) + ".");
        }
        Optional<ModelDefinition> model = Optional.empty();
        if (!Files.isRegularFile(yaml)) {
            files.problem(sql, name + ".sql has no " + name + ".yaml beside it", "A model is a pair; write the YAML.");
        } else if (!Files.isRegularFile(sql)) {
            files.yaml(yaml, DefinitionSchema.MODEL);
            files.problem(yaml, name + ".yaml has no " + name + ".sql beside it", "A model is a pair; write the SQL.");
        } else {
            Optional<String> text = files.text(sql);
            model = files.yaml(yaml, DefinitionSchema.MODEL)
                    .flatMap(content -> text.map(t -> ModelDefinition.of(
                            subject, layer, name, files.name(sql), t, content, tests(name, content))));
        }
        model.ifPresentOrElse(draft.models::add, () -> draft.brokenTables.add(layer.database() + "." + name));
    }

    private List<TestNode> tests(String model, YamlFile yaml) {
        return new ModelTests(files, model, folder.resolve("tests").resolve(model)).read(yaml);
    }

    private void refuseOthers(Path in, String allowed) {
        for (Path file : files.files(in)) {
            if (!file.getFileName().toString().equals(allowed)) {
                refuse(file);
            }
        }
    }

    /** A definition in the wrong place would be silently without effect; other files (a README) are nobody's business. */
    private void refuse(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".yml")) {
            files.problem(file, "'" + name + "' does not end in .yaml", "Rename it to " + stem(name) + ".yaml.");
        } else if (name.endsWith(".yaml") || name.endsWith(".sql")) {
            files.problem(file, "'" + name + "' stands where it is not read", "Move it to the folder of its kind.");
        }
    }

    private static String stem(String fileName) {
        return fileName.substring(0, fileName.lastIndexOf('.'));
    }
}
