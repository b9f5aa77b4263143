package io.granary.cli.docs;

import io.granary.cli.project.Catalog;
import io.granary.cli.project.Catalog.Entry;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SubjectNode;
import io.granary.warehouse.run.RunResults;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The first page, and the page of the whole lineage. */
record Overview(Catalog catalog, Pages pages, LastRun lastRun) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    String index() {
        return pages.page("Overview", "", "index.html", this::index);
    }

    String lineage() {
        return pages.page("Lineage", "", "lineage.html", html -> {
            html.element("h1", "Lineage").line();
            html.element(
                    "p",
                    "From what comes in, left, to who uses it, right. Point at a table to see its neighbours.",
                    "class",
                    "lead");
            html.add(new LineageGraph(
                            catalog, catalog.all().stream().map(Entry::id).toList())
                    .svg(null, ""));
        });
    }

    private void index(Html html) {
        Manifest manifest = catalog.manifest();
        html.element("h1", manifest.project()).line();
        html.open("p", "class", "lead").text("Compiled " + TIME.format(manifest.generatedAt()) + " · ");
        html.element(
                        "code",
                        manifest.hash()
                                .substring(0, Math.min(12, manifest.hash().length())))
                .close("p")
                .line();
        html.open("ul", "class", "counts");
        count(html, manifest.subjects().size(), "subject");
        count(html, manifest.sources().size(), "source");
        count(html, manifest.models().size() - manifest.seeds().size(), "model");
        count(html, manifest.seeds().size(), "seed");
        count(html, manifest.counters().size(), "counter");
        count(html, manifest.metrics().size(), "metric");
        count(html, manifest.exports().size(), "export");
        count(html, manifest.reports().size(), "report");
        html.close("ul").line();
        if (lastRun.results() != null) {
            lastRun(html, lastRun.results());
        }
        for (SubjectNode subject : manifest.subjects()) {
            subject(html, subject);
        }
    }

    private static void count(Html html, int number, String what) {
        if (number > 0) {
            html.open("li")
                    .element("b", "" + number)
                    .text(" " + what + (number == 1 ? "" : "s"))
                    .close("li");
        }
    }

    private void lastRun(Html html, RunResults run) {
        html.open("p", "class", "run");
        String which = run.args().getOrDefault("which", "run");
        html.element("b", "Last run")
                .text(" " + which + " " + TIME.format(run.metadata().generatedAt()) + ", "
                        + LastRun.seconds(run.elapsedTime()) + " ");
        Map<String, Integer> outcomes = new TreeMap<>();
        run.results()
                .forEach(r -> outcomes.merge(String.valueOf(r.status()).toLowerCase(Locale.ROOT), 1, Integer::sum));
        outcomes.forEach((status, number) -> html.element("span", number + " " + status, "class", "status " + status));
        for (RunResults.Result result : run.results()) {
            if (result.status() == RunResults.Status.ERROR) {
                html.open("br");
                catalog.entry(result.uniqueId())
                        .ifPresentOrElse(
                                e -> html.element("a", e.name(), "href", Pages.file(e.id())),
                                () -> html.element("b", result.uniqueId()));
                html.element("code", result.message() == null ? "" : result.message());
            }
        }
        html.close("p").line();
    }

    private void subject(Html html, SubjectNode subject) {
        html.open("section")
                .open("h2", "id", subject.name())
                .text(subject.name())
                .close("h2")
                .line();
        html.element("p", subject.description());
        html.element(
                "p",
                subject.owner() + " · built " + subject.cadence() + " · days in " + subject.timeZone() + " · alerts to "
                        + subject.alertGroup(),
                "class",
                "quiet");
        List<Entry> entries = pages.of(subject);
        if (entries.isEmpty()) {
            html.element("p", "Nothing yet. `granary new model` writes the first table.", "class", "quiet");
            html.close("section").line();
            return;
        }
        html.open("div", "class", "scroll")
                .open("table", "class", "list")
                .open("tbody")
                .line();
        for (Entry entry : entries) {
            html.open("tr").open("td", "class", "kind").add(Pages.badge(entry)).close("td");
            html.open("td")
                    .element("a", entry.name(), "class", "name", "href", Pages.file(entry.id()))
                    .close("td");
            html.element("td", entry.description() == null ? "" : entry.description());
            html.open("td");
            lastRun.of(entry.id()).ifPresent(r -> {
                String status = String.valueOf(r.status()).toLowerCase(Locale.ROOT);
                html.element("span", status, "class", "status " + status);
            });
            html.close("td").close("tr").line();
        }
        html.close("tbody").close("table").close("div").close("section").line();
    }
}
