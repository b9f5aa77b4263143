package io.granary.scheduler;

import io.granary.warehouse.manifest.Edge;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.ReportNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.SubjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Manifests for tests: the contract's example, and small ones by their edges. */
final class ManifestText {
    private ManifestText() {}

    static String contract(String block) throws IOException {
        String contracts = Files.readString(Path.of("../docs/contracts.md"));
        Matcher matcher = Pattern.compile("```json contract:" + block + "\n(.*?)```", Pattern.DOTALL)
                .matcher(contracts);
        if (!matcher.find()) {
            throw new IllegalStateException("docs/contracts.md has no block contract:" + block);
        }
        return matcher.group(1);
    }

    /**
     * A manifest with the nodes that the edges name, in the order of their first mention: {@code log.s.x},
     * {@code jdbc.s.x}, {@code <layer>.s.x}, {@code export.s.x}, {@code report.s.x}.
     */
    static Manifest of(String... edges) {
        List<String> names = new ArrayList<>();
        List<Edge> parsed = new ArrayList<>();
        for (String edge : edges) {
            String[] ends = edge.split(" -> ");
            for (String end : ends) {
                if (!names.contains(end)) {
                    names.add(end);
                }
            }
            if (ends.length == 2) {
                parsed.add(new Edge(id(ends[0]), id(ends[1])));
            }
        }
        return Manifest.of("test")
                .subjects(names.stream()
                        .map(name -> name.split("\\.")[1])
                        .distinct()
                        .map(s -> new SubjectNode(s, "o", "d", "daily", "UTC", s))
                        .toList())
                .sources(names.stream()
                        .filter(n -> n.startsWith("log.") || n.startsWith("jdbc."))
                        .map(ManifestText::source)
                        .toList())
                .models(names.stream()
                        .filter(n -> n.matches("(dim|dwd|dws|ads|odd)\\..*"))
                        .map(ManifestText::model)
                        .toList())
                .exports(names.stream()
                        .filter(n -> n.startsWith("export."))
                        .map(n -> new ExportNode(
                                id(n), n.split("\\.")[1], n.split("\\.")[2], "d", "ads.t", "share", "t", List.of("ds")))
                        .toList())
                .reports(names.stream()
                        .filter(n -> n.startsWith("report."))
                        .map(n -> new ReportNode(
                                id(n),
                                n.split("\\.")[1],
                                n.split("\\.")[2],
                                "t",
                                "d",
                                "ads.t",
                                "share",
                                "t",
                                List.of()))
                        .toList())
                .edges(parsed)
                .manifest();
    }

    private static String id(String name) {
        String[] parts = name.split("\\.");
        return switch (parts[0]) {
            case "log", "jdbc" -> "source." + parts[1] + "." + parts[2];
            case "export", "report" -> name;
            default -> "model." + String.join("_", parts);
        };
    }

    private static SourceNode source(String name) {
        String[] parts = name.split("\\.");
        return SourceNode.of(parts[0], parts[1], parts[2])
                .daily()
                .table("ods.t")
                .node();
    }

    private static ModelNode model(String name) {
        String[] parts = name.split("\\.");
        return ModelNode.of(parts[1], parts[0], String.join("_", parts))
                .daily()
                .id(id(name))
                .table(name)
                .file(name + ".sql")
                .sql("SELECT 1")
                .access("public")
                .node();
    }
}
