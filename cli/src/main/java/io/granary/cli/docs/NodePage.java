package io.granary.cli.docs;

import io.granary.cli.project.Catalog;
import io.granary.cli.project.Catalog.Entry;
import io.granary.cli.project.ColumnLineage;
import io.granary.cli.project.ModelTests;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.select.Graph;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The page of one node. */
record NodePage(Catalog catalog, Pages pages, Graph graph, ColumnLineage lineage, LastRun lastRun, ProjectText files) {
    private static final String ROOT = "../";
    /** A graph of more nodes than this shows the near ones only. */
    private static final int MANY = 60;

    String of(Entry entry) {
        return pages.page(entry.name(), ROOT, entry.id(), html -> content(entry, html));
    }

    private void content(Entry entry, Html html) {
        html.open("p", "class", "crumbs").element("a", entry.subject(), "href", ROOT + "index.html#" + entry.subject());
        html.element("span", "/")
                .text(entry.layer().isEmpty() ? entry.kind() : entry.layer())
                .close("p")
                .line();
        html.open("h1").text(entry.name()).add(Pages.badge(entry)).close("h1").line();
        html.element("p", text(entry.description()), "class", "lead").line();
        lastRun.of(entry.id()).ifPresent(result -> run(result, html));
        facts(NodeFacts.of(catalog.manifest(), entry), html);
        columns(entry, html);
        catalog.manifest().models().stream()
                .filter(m -> m.id().equals(entry.id()))
                .forEach(model -> tests(model, html));
        html.element("h2", "Lineage", "id", "lineage").line();
        html.add(new LineageGraph(catalog, neighbours(entry.id())).svg(entry.id(), ROOT));
        sources(entry, html);
    }

    private static void run(RunResults.Result result, Html html) {
        String status = String.valueOf(result.status()).toLowerCase(java.util.Locale.ROOT);
        html.open("p", "class", "run").element("span", status, "class", "status " + status);
        html.text(" in the last run, " + LastRun.seconds(result.executionTime()));
        if (result.rowsAffected() != null) {
            html.text(", " + LastRun.count(result.rowsAffected()) + (result.rowsAffected() == 1 ? " row" : " rows"));
        }
        if (!result.partitions().isEmpty()) {
            html.text(", " + String.join(", ", result.partitions()));
        }
        if (result.message() != null && !result.message().equals("OK")) {
            html.element("code", result.message());
        }
        html.close("p").line();
    }

    private void facts(Map<String, String> facts, Html html) {
        html.open("dl", "class", "facts");
        facts.forEach((name, value) -> {
            if (value == null || value.isEmpty()) {
                return;
            }
            html.open("div").element("dt", name).open("dd");
            Optional<String> made = catalog.maker(value);
            if (made.isPresent()) {
                html.element("a", value, "href", ROOT + Pages.file(made.get()));
            } else {
                html.text(value);
            }
            html.close("dd").close("div");
        });
        html.close("dl").line();
    }

    private void columns(Entry entry, Html html) {
        NodeFacts.Columns columns = NodeFacts.columns(catalog.manifest(), entry);
        if (columns.rows().isEmpty()) {
            return;
        }
        html.element("h2", columns.title(), "id", "columns").line();
        boolean known = !columns.table().isEmpty()
                && columns.rows().stream()
                        .anyMatch(c -> !lineage.inputs(columns.table() + "." + c.name())
                                .isEmpty());
        html.open("div", "class", "scroll").open("table").open("thead").open("tr");
        html.element("th", "Name").element("th", columns.second()).element("th", "Description");
        if (known) {
            html.element("th", "Made from");
        }
        html.close("tr").close("thead").open("tbody").line();
        for (ColumnNode column : columns.rows()) {
            html.open("tr", "id", "column-" + column.name());
            html.open("td").element("code", column.name()).close("td");
            html.open("td")
                    .element("span", text(column.type()), "class", "type")
                    .close("td");
            html.element("td", text(column.description()));
            if (known) {
                html.open("td", "class", "from");
                lineage.inputs(columns.table() + "." + column.name()).forEach(from -> columnLink(from, html));
                html.close("td");
            }
            html.close("tr").line();
        }
        html.close("tbody").close("table").close("div").line();
    }

    private void columnLink(String column, Html html) {
        int dot = column.lastIndexOf('.');
        String table = column.substring(0, dot);
        String shown = column.substring(column.indexOf('.') + 1);
        catalog.maker(table)
                .ifPresentOrElse(
                        id -> html.element(
                                "a", shown, "href", ROOT + Pages.file(id) + "#column-" + column.substring(dot + 1)),
                        () -> html.element("span", shown));
    }

    private void tests(ModelNode model, Html html) {
        html.element("h2", "Tests", "id", "tests").line();
        html.open("div", "class", "scroll").open("table").open("thead").open("tr");
        html.element("th", "Test")
                .element("th", "Demands")
                .element("th", "When it fails")
                .element("th", "Last run");
        html.close("tr").close("thead").open("tbody").line();
        for (List<String> test : ModelTests.of(model)) {
            String outcome = lastRun.of("test." + model.name() + "." + test.get(0))
                    .map(r -> String.valueOf(r.status()).toLowerCase(java.util.Locale.ROOT))
                    .orElse("");
            html.open("tr").open("td").element("code", test.get(0)).close("td");
            html.element("td", test.get(1));
            html.element("td", test.get(2).equals("warn") ? "warns" : "stops the build");
            html.open("td").element("span", outcome, "class", outcome.isEmpty() ? null : "status " + outcome);
            html.close("td").close("tr").line();
        }
        html.close("tbody").close("table").close("div").line();
        long units = catalog.manifest().unitTests().stream()
                .filter(t -> t.model().equals(model.id()))
                .count();
        if (units > 0) {
            html.element("p", "And " + units + " unit test" + (units == 1 ? "" : "s") + " of the SQL.")
                    .line();
        }
    }

    private Set<String> neighbours(String id) {
        Set<String> all = new LinkedHashSet<>(List.of(id));
        all.addAll(graph.ancestors(id));
        all.addAll(graph.descendants(id));
        if (all.size() <= MANY) {
            return all;
        }
        Set<String> near = new LinkedHashSet<>(List.of(id));
        near.addAll(graph.ancestors(id, 1));
        near.addAll(graph.descendants(id, 1));
        return near;
    }

    private void sources(Entry entry, Html html) {
        html.element("h2", "Source", "id", "source").line();
        List<String> shown = new ArrayList<>(List.of(entry.file()));
        if (entry.file().endsWith(".sql")) {
            shown.add(entry.file().replaceAll("[.]sql$", ".yaml"));
        }
        for (String file : shown) {
            Optional<String> text = files.text(file);
            if (text.isEmpty() && file.endsWith(".sql")) {
                text = catalog.manifest().model(entry.name()).map(ModelNode::sql);
            }
            text.ifPresent(source -> {
                html.open("details", "class", "source", "open", "")
                        .open("summary")
                        .element("code", file);
                html.close("summary").open("div", "class", "code").open("pre").open("code");
                html.add(file.endsWith(".sql") ? Source.sql(source.strip()) : Source.yaml(source.strip()));
                html.close("code").close("pre").close("div").close("details").line();
            });
        }
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
