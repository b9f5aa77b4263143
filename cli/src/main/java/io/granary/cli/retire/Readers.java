package io.granary.cli.retire;

import io.granary.cli.project.Catalog;
import io.granary.cli.project.Catalog.Entry;
import io.granary.cli.project.SqlTokens;
import io.granary.warehouse.manifest.Edge;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who of the other subjects reads a subject: models in their SQL and tests, the rest in their YAML.
 *
 * @param project its folder, where the lines are looked up; null when it is not known
 */
record Readers(Catalog catalog, Path project) {

    List<Reader> of(String subject) {
        List<Reader> readers = new ArrayList<>();
        for (Edge edge : catalog.manifest().edges()) {
            Optional<Entry> from =
                    catalog.entry(edge.from()).filter(e -> e.subject().equals(subject));
            Optional<Entry> to =
                    catalog.entry(edge.to()).filter(e -> !e.subject().equals(subject));
            if (from.isPresent() && to.isPresent()) {
                readers.add(reader(to.get(), from.get()));
            }
        }
        catalog.manifest().models().stream()
                .filter(m -> !m.subject().equals(subject))
                .forEach(model -> tests(model, subject, readers));
        return readers;
    }

    private Reader reader(Entry reader, Entry read) {
        String table = table(read);
        Optional<ModelNode> model = catalog.manifest().models().stream()
                .filter(m -> m.id().equals(reader.id()))
                .findFirst();
        int line = model.map(m -> line(uncommented(text(m.file()).orElse(m.sql())), table))
                .orElseGet(() -> line(text(reader.file()).orElse(""), bare(table)));
        return new Reader(place(reader.file(), line), reader.name(), table);
    }

    /** A test of the kind relationships names the table it looks into. */
    private void tests(ModelNode model, String subject, List<Reader> readers) {
        for (TestNode test : model.tests()) {
            Object to = test.arguments().get("to");
            Optional<ModelNode> read =
                    to == null ? Optional.empty() : catalog.manifest().model(to.toString());
            read.filter(m -> m.subject().equals(subject)).ifPresent(m -> {
                String file = model.file().replaceAll("[.]sql$", ".yaml");
                readers.add(new Reader(place(file, line(text(file).orElse(""), m.name())), test.id(), m.table()));
            });
        }
    }

    private String table(Entry entry) {
        return catalog.manifest()
                .model(entry.name())
                .map(ModelNode::table)
                .or(() -> catalog.manifest().source(entry.name()).map(s -> s.table()))
                .orElse(entry.name());
    }

    private static String bare(String table) {
        return table.substring(table.indexOf('.') + 1);
    }

    private static String place(String file, int line) {
        return line == 0 ? file : file + ":" + line;
    }

    /** The first line that holds the name as a whole; 0 when none does. */
    private static int line(String text, String name) {
        String pattern = java.util.Arrays.stream(name.split("[.]"))
                .map(part -> "`?" + Pattern.quote(part) + "`?")
                .collect(Collectors.joining("\\s*[.]\\s*"));
        Matcher matcher = Pattern.compile("(?<![\\w.])" + pattern + "(?!\\w)", Pattern.CASE_INSENSITIVE)
                .matcher(text);
        return matcher.find()
                ? 1
                        + (int) text.substring(0, matcher.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count()
                : 0;
    }

    private static String uncommented(String sql) {
        return SqlTokens.of(sql).stream()
                .map(t -> t.kind() == SqlTokens.Kind.COMMENT ? t.text().replaceAll("[^\n]", " ") : t.text())
                .collect(Collectors.joining());
    }

    private Optional<String> text(String file) {
        if (project == null || !Files.isRegularFile(project.resolve(file))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new String(Files.readAllBytes(project.resolve(file)), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
