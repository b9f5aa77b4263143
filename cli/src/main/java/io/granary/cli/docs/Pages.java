package io.granary.cli.docs;

import io.granary.cli.project.Catalog;
import io.granary.cli.project.Catalog.Entry;
import io.granary.warehouse.manifest.SubjectNode;
import java.util.List;
import java.util.function.Consumer;

/** What all pages have around them: head, side bar with search, and the names of files. */
record Pages(Catalog catalog) {
    static final List<String> LAYERS = List.of("ods", "dim", "dwd", "dws", "ads");

    /** The page of a node; an id comes out of a file, so nothing in it may lead elsewhere. */
    static String file(String id) {
        StringBuilder file = new StringBuilder("nodes/");
        for (char c : id.toCharArray()) {
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-');
            file.append(plain ? String.valueOf(c) : "~" + Integer.toHexString(c) + "~");
        }
        return file.append(".html").toString();
    }

    /** The class that colours a node: its layer, or {@code out} for what uses the warehouse. */
    static String tone(Entry entry) {
        return LAYERS.contains(entry.layer()) ? entry.layer() : "out";
    }

    static Html badge(Entry entry) {
        String word = entry.layer().isEmpty() ? entry.kind() : entry.layer();
        return new Html().element("span", word, "class", "badge tone-" + tone(entry));
    }

    /**
     * @param root the way from the page to the site's folder: empty or {@code ../}
     * @param here id of the node whose page it is, or the file's name
     */
    String page(String title, String root, String here, Consumer<Html> content) {
        Html html = new Html();
        html.open("html", "lang", "en").line().open("head").line();
        html.open("meta", "charset", "utf-8").line();
        html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        html.open("meta", "name", "color-scheme", "content", "light dark").line();
        html.element("title", title + " · " + catalog.manifest().project()).line();
        html.open("link", "rel", "stylesheet", "href", root + "style.css").line();
        html.open("script", "src", root + "index.js").close("script").line();
        html.open("script", "src", root + "script.js").close("script").line();
        html.close("head").line().open("body", "data-root", root).line();
        html.element("a", "Skip to the content", "class", "skip", "href", "#content")
                .line();
        side(html, root, here);
        html.open("main", "id", "content", "class", here.equals("lineage.html") ? "wide" : null)
                .line();
        content.accept(html);
        html.close("main").line().close("body").line().close("html").line();
        return "<!doctype html>\n" + html;
    }

    private void side(Html html, String root, String here) {
        html.open("aside").line().open("div", "class", "brand");
        html.open("a", "href", root + "index.html").element("b", "Granary").close("a");
        html.element("span", catalog.manifest().project());
        html.element(
                "button",
                "◐",
                "type",
                "button",
                "class",
                "theme",
                "title",
                "Light or dark",
                "aria-label",
                "Light or dark");
        html.close("div").line();
        html.open("div", "class", "search");
        html.open(
                "input",
                "type",
                "search",
                "placeholder",
                "Search",
                "aria-label",
                "Search tables and columns",
                "autocomplete",
                "off",
                "spellcheck",
                "false");
        html.element("kbd", "/")
                .open("ul", "class", "found", "hidden", "")
                .close("ul")
                .close("div")
                .line();
        html.open("nav");
        link(html, root + "index.html", "Overview", here.equals("index.html"), null);
        link(html, root + "lineage.html", "Lineage", here.equals("lineage.html"), null);
        String current = catalog.entry(here).map(Entry::subject).orElse("");
        for (SubjectNode subject : catalog.manifest().subjects()) {
            boolean open = current.isEmpty() || subject.name().equals(current);
            html.open("details", "open", open ? "" : null)
                    .element("summary", subject.name())
                    .line();
            for (Entry entry : of(subject)) {
                link(html, root + file(entry.id()), entry.name(), entry.id().equals(here), entry);
            }
            html.close("details").line();
        }
        html.close("nav").line().close("aside").line();
    }

    /** The nodes of a subject, by layer, what uses them behind. */
    List<Entry> of(SubjectNode subject) {
        return catalog.all().stream()
                .filter(e -> e.subject().equals(subject.name()))
                .sorted(java.util.Comparator.comparing(
                        (Entry e) -> tone(e).equals("out") ? 9 : LAYERS.indexOf(e.layer())))
                .toList();
    }

    private static void link(Html html, String href, String text, boolean here, Entry entry) {
        html.open("a", "href", href, "title", text, "aria-current", here ? "page" : null);
        if (entry != null) {
            html.open("i", "class", "dot tone-" + tone(entry)).close("i");
        }
        html.text(text);
        if (entry != null && entry.layer().isEmpty()) {
            html.element("small", entry.kind());
        }
        html.close("a").line();
    }
}
