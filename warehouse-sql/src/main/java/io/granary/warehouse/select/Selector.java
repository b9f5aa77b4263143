package io.granary.warehouse.select;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MetricNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.ReportNode;
import io.granary.warehouse.manifest.SeedNode;
import io.granary.warehouse.manifest.SourceNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses nodes of a manifest, as dbt does: {@code name}, {@code subject:x}, {@code layer:x}, {@code tag:x},
 * {@code state:modified} (new, or another definition than in the manifest given to {@link #against}); {@code +} in front adds
 * what it depends on, behind what depends on it ({@code 2+name}: two steps); a comma is the intersection, a space the
 * union. A name is a model ({@code dwd_traffic_hit_di} or {@code dwd.dwd_traffic_hit_di}), a {@code subject.name} of any
 * other node, or an id. The empty selector chooses everything.
 */
public final class Selector {
    private static final Pattern TERM = Pattern.compile("(?:(\\d*)(\\+))?([^+]+)(?:(\\+)(\\d*))?");

    private final String text;
    private final List<List<Term>> union;
    private final Manifest state;

    private Selector(String text, List<List<Term>> union, Manifest state) {
        this.text = text;
        this.union = union;
        this.state = state;
    }

    /** This selector, whose {@code state:} compares with another manifest, which may be null. */
    public Selector against(Manifest other) {
        return new Selector(text, union, other);
    }

    /** One node and what people may call it; {@code node} is it itself. */
    private record Named(String id, String subject, String layer, List<String> names, List<String> tags, Object node) {}

    /** Steps are 0 without a plus sign. */
    private record Term(int up, String method, String value, int down) {}

    /**
     * Reads a selector; null or blank means everything.
     *
     * @throws GranaryException when it is not of this form
     */
    public static Selector parse(String text) {
        String given = text == null ? "" : text.strip();
        List<List<Term>> union = new ArrayList<>();
        if (given.isEmpty()) {
            return new Selector(given, union, null);
        }
        for (String part : given.split("\\s+")) {
            List<Term> intersection = new ArrayList<>();
            for (String term : part.split(",", -1)) {
                intersection.add(term(term, given));
            }
            union.add(List.copyOf(intersection));
        }
        return new Selector(given, union, null);
    }

    private static Term term(String term, String whole) {
        Matcher matcher = TERM.matcher(term);
        if (!matcher.matches()) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "selector '" + whole + "': '" + term
                            + "' is no name, subject:NAME, layer:NAME, tag:NAME or state:modified, with + in front or behind");
        }
        String body = matcher.group(3);
        int colon = body.indexOf(':');
        return new Term(
                steps(matcher.group(2), matcher.group(1)),
                colon < 0 ? "name" : body.substring(0, colon),
                body.substring(colon + 1),
                steps(matcher.group(4), matcher.group(5)));
    }

    private static int steps(String plus, String number) {
        if (plus == null) {
            return 0;
        }
        return number.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(number);
    }

    /**
     * Ids of the chosen nodes of every kind, inputs first.
     *
     * @throws GranaryException when a name, subject or layer is unknown, with the nearest known one
     */
    public List<String> ids(Manifest manifest) {
        Graph graph = Graph.of(manifest);
        List<Named> nodes = named(manifest);
        if (union.isEmpty()) {
            return graph.ordered(nodes.stream().map(Named::id).toList());
        }
        Set<String> chosen = new LinkedHashSet<>();
        for (List<Term> intersection : union) {
            Set<String> common = null;
            for (Term term : intersection) {
                Set<String> found = withRelatives(term, matches(term, nodes), graph);
                if (common == null) {
                    common = found;
                } else {
                    common.retainAll(found);
                }
            }
            chosen.addAll(common);
        }
        return graph.ordered(chosen);
    }

    /** The chosen models, each after those it reads. */
    public List<ModelNode> models(Manifest manifest) {
        List<ModelNode> models = new ArrayList<>();
        for (String id : ids(manifest)) {
            manifest.models().stream().filter(m -> m.id().equals(id)).forEach(models::add);
        }
        return List.copyOf(models);
    }

    private static Set<String> withRelatives(Term term, Set<String> matched, Graph graph) {
        Set<String> all = new LinkedHashSet<>(matched);
        for (String id : matched) {
            all.addAll(graph.ancestors(id, term.up()));
            all.addAll(graph.descendants(id, term.down()));
        }
        return all;
    }

    private Set<String> matches(Term term, List<Named> nodes) {
        return switch (term.method()) {
            case "name" -> matches(term, nodes, n -> n.names().contains(term.value()));
            case "subject" -> matches(term, nodes, n -> n.subject().equals(term.value()));
            case "layer" -> matches(term, nodes, n -> n.layer().equals(term.value()));
            case "tag" -> matches(term, nodes, n -> n.tags().contains(term.value()));
            case "state" -> modified(term, nodes);
            default ->
                throw new GranaryException(
                        ErrorCode.USAGE,
                        "selector '" + text + "': unknown method '" + term.method()
                                + ":'; known: subject:, layer:, tag:, state:");
        };
    }

    private Set<String> modified(Term term, List<Named> nodes) {
        if (!term.value().equals("modified")) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "selector '" + text + "': unknown state '" + term.value() + "'; known: state:modified");
        }
        if (state == null) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "selector '" + text + "': name the folder of the manifest to compare with, with --state");
        }
        Map<String, Object> before = new HashMap<>();
        named(state).forEach(n -> before.put(n.id(), version(n.node())));
        Set<String> modified = new LinkedHashSet<>();
        nodes.stream()
                .filter(n -> !version(n.node()).equals(before.get(n.id())))
                .forEach(n -> modified.add(n.id()));
        return modified;
    }

    /** What changes when the node does: a model's hash, so that a comment in its SQL is no change. */
    private static Object version(Object node) {
        return node instanceof ModelNode model ? model.hash() : node;
    }

    private Set<String> matches(Term term, List<Named> nodes, Predicate<Named> test) {
        Set<String> found = new LinkedHashSet<>();
        nodes.stream().filter(test).forEach(n -> found.add(n.id()));
        if (!found.isEmpty()) {
            return found;
        }
        Set<String> known = new TreeSet<>();
        for (Named node : nodes) {
            switch (term.method()) {
                case "subject" -> known.add(node.subject());
                case "layer" -> known.add(node.layer());
                case "tag" -> known.addAll(node.tags());
                default -> known.addAll(node.names());
            }
        }
        known.remove("");
        String what = term.method().equals("name") ? "nothing is named" : "there is no " + term.method();
        throw new GranaryException(
                ErrorCode.USAGE, "selector '" + text + "': " + what + " '" + term.value() + "'" + hint(term, known));
    }

    private static String hint(Term term, Set<String> known) {
        return Suggestion.nearest(term.value(), known)
                .map(near -> ". Did you mean '" + near + "'?")
                .orElseGet(() -> term.method().equals("name")
                        ? ". A name is a model such as dws_traffic_site_1d, or subject.name of a source or export."
                        : "; known: " + String.join(", ", known));
    }

    private static List<Named> named(Manifest manifest) {
        List<Named> nodes = new ArrayList<>();
        for (SourceNode n : manifest.sources()) {
            nodes.add(
                    new Named(n.id(), n.subject(), "ods", List.of(n.qualifiedName(), n.table(), n.id()), List.of(), n));
        }
        for (ModelNode n : manifest.models()) {
            nodes.add(new Named(n.id(), n.subject(), n.layer(), List.of(n.name(), n.table(), n.id()), n.tags(), n));
        }
        for (CounterNode n : manifest.counters()) {
            nodes.add(other(n.id(), n.subject(), n.name(), n));
        }
        for (ExportNode n : manifest.exports()) {
            nodes.add(other(n.id(), n.subject(), n.name(), n));
        }
        for (ReportNode n : manifest.reports()) {
            nodes.add(other(n.id(), n.subject(), n.name(), n));
        }
        for (MetricNode n : manifest.metrics()) {
            nodes.add(other(n.id(), n.subject(), n.name(), n));
        }
        for (SeedNode n : manifest.seeds()) {
            List<String> names = List.of(n.subject() + "." + n.name(), n.table(), n.id());
            nodes.add(new Named(n.id(), n.subject(), "", names, List.of(), n));
        }
        return nodes;
    }

    private static Named other(String id, String subject, String name, Object node) {
        return new Named(id, subject, "", List.of(subject + "." + name, id), List.of(), node);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
