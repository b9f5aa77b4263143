package io.granary.cli.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.cli.project.Catalog;
import io.granary.cli.project.Catalog.Entry;
import io.granary.cli.project.ColumnLineage;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.select.Graph;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files of the documentation, by their path in its folder. */
record Site(Map<String, String> files) {
    /** Marks a folder as one that may be written over. */
    private static final String MARK = ".granary-docs";

    static Site of(Catalog catalog, LastRun lastRun, ProjectText project) {
        Pages pages = new Pages(catalog);
        Overview overview = new Overview(catalog, pages, lastRun);
        NodePage nodes = new NodePage(
                catalog, pages, Graph.of(catalog.manifest()), new ColumnLineage(catalog.manifest()), lastRun, project);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("index.html", overview.index());
        files.put("lineage.html", overview.lineage());
        catalog.all().forEach(entry -> files.put(Pages.file(entry.id()), nodes.of(entry)));
        files.put("index.js", "window.granaryIndex = " + index(catalog) + ";\n");
        files.put("style.css", resource("style.css"));
        files.put("script.js", resource("script.js"));
        return new Site(files);
    }

    /** What the search box looks in. */
    private static String index(Catalog catalog) {
        List<Map<String, Object>> index = new ArrayList<>();
        for (Entry entry : catalog.all()) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("name", entry.name());
            item.put("kind", entry.layer().isEmpty() ? entry.kind() : entry.layer());
            item.put("tone", Pages.tone(entry));
            item.put("href", Pages.file(entry.id()));
            item.put("text", entry.description() == null ? "" : entry.description());
            item.put(
                    "columns",
                    NodeFacts.columns(catalog.manifest(), entry).rows().stream()
                            .map(ColumnNode::name)
                            .toList());
            index.add(item);
        }
        try {
            return new ObjectMapper().writeValueAsString(index);
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "the search index cannot be written: " + e, e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Site.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new GranaryException(ErrorCode.INTERNAL, name + " is missing: build Granary again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "cannot read " + name + ": " + e, e);
        }
    }

    /**
     * Writes the site; pages of a former one go.
     *
     * @throws GranaryException when the folder holds something else
     */
    void write(Path folder) {
        try {
            if (Files.isDirectory(folder) && !Files.exists(folder.resolve(MARK)) && !isEmpty(folder)) {
                throw new GranaryException(
                        ErrorCode.USAGE,
                        folder + " holds something else than documentation. Name another folder with --output.");
            }
            Files.createDirectories(folder.resolve("nodes"));
            Files.writeString(folder.resolve(MARK), "");
            try (Stream<Path> old = Files.list(folder.resolve("nodes"))) {
                for (Path page : (Iterable<Path>) old::iterator) {
                    if (!files.containsKey("nodes/" + page.getFileName())) {
                        Files.delete(page);
                    }
                }
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + folder + ": " + e, e);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }
}
