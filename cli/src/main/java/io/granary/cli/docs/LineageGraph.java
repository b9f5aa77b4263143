package io.granary.cli.docs;

import io.granary.cli.project.Catalog;
import io.granary.cli.project.Catalog.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A part of the lineage as SVG, laid out by layers; each node is a link to its page. */
final class LineageGraph {
    private static final List<String> BANDS = List.of("ods", "dim", "dwd", "dws", "ads", "out");
    private static final double LETTER = 7.3;
    private static final int NODE = 40;
    private static final int GAP = 14;
    private static final int BETWEEN = 44;
    private static final int HEAD = 26;

    private final Catalog catalog;
    private final Layout layout;
    private final Map<Integer, Double> left = new HashMap<>();
    private final Map<Integer, Double> width = new HashMap<>();

    LineageGraph(Catalog catalog, Collection<String> ids) {
        this.catalog = catalog;
        Set<String> shown = new LinkedHashSet<>(ids);
        Map<String, Integer> bands = new LinkedHashMap<>();
        catalog.all().stream().filter(e -> shown.contains(e.id())).forEach(e -> bands.put(e.id(), band(e)));
        List<List<String>> edges = catalog.manifest().edges().stream()
                .filter(e -> bands.containsKey(e.from())
                        && bands.containsKey(e.to())
                        && !e.from().equals(e.to()))
                .map(e -> List.of(e.from(), e.to()))
                .toList();
        this.layout = new Layout(bands, edges, NODE, GAP);
        columns();
    }

    private static int band(Entry entry) {
        return BANDS.indexOf(Pages.tone(entry));
    }

    private void columns() {
        double x = 1;
        for (int i = 0; i < layout.columns().size(); i++) {
            double widest = layout.columns().get(i).stream()
                    .filter(s -> !s.passing)
                    .mapToDouble(s -> label(s.id).length() * LETTER + 26)
                    .max()
                    .orElse(0);
            left.put(i, x);
            width.put(i, Math.max(96, widest));
            x += width.get(i) + BETWEEN;
        }
    }

    private String label(String id) {
        return catalog.entry(id).map(Entry::name).orElse(id);
    }

    /** @param focus id of the node whose page it is; null on a page of all */
    Html svg(String focus, String root) {
        int last = layout.columns().size() - 1;
        double right = last < 0 ? 0 : left.get(last) + width.get(last) + 1;
        double bottom = layout.height() + HEAD + 2;
        Html svg = new Html();
        svg.open("div", "class", "graph", "tabindex", "0", "role", "group", "aria-label", "Lineage graph");
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "width",
                number(right),
                "height",
                number(bottom),
                "viewBox",
                "0 0 " + number(right) + " " + number(bottom),
                "style",
                "min-width:" + number(right) + "px");
        heads(svg);
        edges(svg);
        nodes(svg, focus, root);
        return svg.close("svg").close("div").line();
    }

    private void heads(Html svg) {
        int before = -1;
        for (int i = 0; i < layout.columns().size(); i++) {
            int band = layout.band(i);
            if (band != before) {
                String name = BANDS.get(band);
                svg.element(
                        "text",
                        name.equals("out") ? "USED BY" : name.toUpperCase(Locale.ROOT),
                        "class",
                        "band tone-" + name,
                        "x",
                        number(left.get(i) + 1),
                        "y",
                        "12");
            }
            before = band;
        }
        svg.line();
    }

    private void edges(Html svg) {
        for (Layout.Route route : layout.routes()) {
            List<Layout.Spot> spots = route.spots();
            StringBuilder path = new StringBuilder();
            Layout.Spot first = spots.get(0);
            double x = left.get(first.column) + width.get(first.column);
            path.append('M').append(number(x)).append(' ').append(number(first.y + HEAD));
            double y = first.y;
            for (Layout.Spot spot : spots.subList(1, spots.size())) {
                double to = left.get(spot.column);
                double bend = Math.max(24, Math.abs(to - x) / 2);
                path.append(" C").append(number(x + bend)).append(' ').append(number(y + HEAD));
                path.append(' ').append(number(to - bend)).append(' ').append(number(spot.y + HEAD));
                path.append(' ').append(number(to)).append(' ').append(number(spot.y + HEAD));
                if (spot.passing) {
                    path.append(" H").append(number(to + width.get(spot.column)));
                }
                x = spot.passing ? to + width.get(spot.column) : to;
                y = spot.y;
            }
            svg.open("path", "class", "edge", "d", path.toString(), "data-from", route.from(), "data-to", route.to());
            svg.close("path").line();
        }
    }

    private void nodes(Html svg, String focus, String root) {
        List<Layout.Spot> spots = new ArrayList<>();
        layout.columns()
                .forEach(column -> column.stream().filter(s -> !s.passing).forEach(spots::add));
        for (Layout.Spot spot : spots) {
            Entry entry = catalog.entry(spot.id).orElseThrow();
            double x = left.get(spot.column);
            double top = spot.y - NODE / 2.0 + HEAD;
            String tone = "node tone-" + Pages.tone(entry) + (entry.id().equals(focus) ? " focus" : "");
            svg.open("a", "href", root + Pages.file(entry.id()), "class", tone, "data-id", entry.id());
            svg.element("title", entry.description());
            svg.open(
                    "rect",
                    "x",
                    number(x),
                    "y",
                    number(top),
                    "width",
                    number(width.get(spot.column)),
                    "height",
                    "" + NODE,
                    "rx",
                    "7");
            svg.close("rect");
            svg.open(
                    "rect",
                    "class",
                    "bar",
                    "x",
                    number(x),
                    "y",
                    number(top + 9),
                    "width",
                    "3",
                    "height",
                    number(NODE - 18),
                    "rx",
                    "1.5");
            svg.close("rect");
            svg.element("text", entry.name(), "class", "name", "x", number(x + 13), "y", number(top + 17));
            svg.element(
                    "text",
                    entry.subject() + " · " + entry.form(),
                    "class",
                    "sub",
                    "x",
                    number(x + 13),
                    "y",
                    number(top + 31));
            svg.close("a").line();
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value).replace(".0", "");
    }
}
