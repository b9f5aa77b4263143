package io.granary.serving;

import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ReportNode;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** The page at {@code /}: what is here, for a person (HTML) or a program (JSON). */
final class Index {
    private final LiveManifest manifest;

    Index(LiveManifest manifest) {
        this.manifest = manifest;
    }

    /** {@code href} may hold placeholders in braces. */
    record Link(String title, String href) {}

    /** {@code asOf}: when the manifest was made; null when there is none. */
    record Page(String name, List<Link> links, List<Link> counters, List<Link> reports, Instant asOf) {}

    void answer(Context context) {
        Page page = page();
        String accept = context.header("Accept");
        if (accept != null && accept.contains("text/html")) {
            context.html(html(page));
            return;
        }
        ApiServer.answer(context, 200, page);
    }

    private Page page() {
        List<Link> links = List.of(
                new Link("Health", "/health"),
                new Link("Description of the API", "/openapi.yaml"),
                new Link("Reports", "/api/v1/reports"));
        Manifest now;
        try {
            now = manifest.current();
        } catch (GranaryException e) {
            return new Page("Granary", links, List.of(), List.of(), null);
        }
        return new Page(
                "Granary",
                links,
                now.counters().stream().map(Index::link).toList(),
                now.reports().stream().map(Index::link).toList(),
                now.generatedAt());
    }

    private static Link link(CounterNode counter) {
        String by = counter.by().stream()
                .map(dimension -> "&" + Parameters.BY + dimension + "={" + dimension + "}")
                .collect(Collectors.joining());
        return new Link(
                counter.description(),
                "/api/v1/counters/" + counter.qualifiedName() + "?window="
                        + counter.windows().get(0) + "&bucket={bucket}" + by);
    }

    private static Link link(ReportNode report) {
        return new Link(report.title(), "/api/v1/reports/" + report.qualifiedName());
    }

    private static String html(Page page) {
        return """
                <!doctype html>
                <html lang="en"><meta charset="utf-8"><title>Granary</title>
                <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em">
                <h1>Granary</h1>
                <p>The warehouse's numbers over HTTP: real-time counters and reports.</p>
                """
                + list("Here", page.links())
                + list("Counters (fill in the braces)", page.counters())
                + list("Reports", page.reports())
                + "</body></html>\n";
    }

    private static String list(String title, List<Link> links) {
        if (links.isEmpty()) {
            return "";
        }
        return links.stream()
                .map(link -> "<li>" + escape(link.title()) + " "
                        + (link.href().contains("{")
                                ? "<code>" + escape(link.href()) + "</code>"
                                : "<a href=\"" + escape(link.href()) + "\">" + escape(link.href()) + "</a>"))
                .collect(Collectors.joining("\n", "<h2>" + escape(title) + "</h2>\n<ul>\n", "\n</ul>\n"));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
