package io.granary.cli.project;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SeedNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.SubjectNode;
import io.granary.warehouse.select.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every node of a manifest in one form, by id and in the manifest's order. */
public final class Catalog {
    private final Manifest manifest;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * What all kinds of nodes have in common.
     *
     * @param kind source, seed, model, counter, metric, export or report
     * @param name what a selector calls it
     * @param layer empty for what is not a table of the warehouse
     * @param form the materialization; for other nodes what they are, such as {@code log source}
     * @param file path of its definition inside the project
     */
    public record Entry(
            String id,
            String kind,
            String name,
            String layer,
            String subject,
            String form,
            String owner,
            String description,
            String file) {}

    public Catalog(Manifest manifest) {
        this.manifest = manifest;
        manifest.sources()
                .forEach(n -> add(
                        n.id(),
                        "source",
                        n.qualifiedName(),
                        "ods",
                        n.subject(),
                        n.type() + " source",
                        n.description()));
        manifest.seeds()
                .forEach(n -> entries.put(
                        n.id(),
                        new Entry(
                                n.id(),
                                "seed",
                                n.subject() + "." + n.name(),
                                n.table().substring(0, n.table().indexOf('.')),
                                n.subject(),
                                "seed",
                                owner(n.subject()),
                                "Rows of " + n.file(),
                                n.file())));
        // a seed is among the models too
        manifest.models()
                .forEach(n -> entries.putIfAbsent(
                        n.id(),
                        new Entry(
                                n.id(),
                                "model",
                                n.name(),
                                n.layer(),
                                n.subject(),
                                n.materialization(),
                                n.owner(),
                                n.description(),
                                n.file())));
        manifest.counters()
                .forEach(n -> add(n.id(), "counter", n.qualifiedName(), "", n.subject(), "counter", n.description()));
        manifest.metrics()
                .forEach(n -> add(n.id(), "metric", n.qualifiedName(), "", n.subject(), "metric", n.description()));
        manifest.exports()
                .forEach(n -> add(
                        n.id(), "export", n.subject() + "." + n.name(), "", n.subject(), "export", n.description()));
        manifest.reports()
                .forEach(n -> add(n.id(), "report", n.qualifiedName(), "", n.subject(), "report", n.description()));
    }

    private void add(
            String id, String kind, String name, String layer, String subject, String form, String description) {
        String file = "subjects/" + subject + "/" + kind + "s/" + name.substring(name.indexOf('.') + 1) + ".yaml";
        entries.put(id, new Entry(id, kind, name, layer, subject, form, owner(subject), description, file));
    }

    private String owner(String subject) {
        return manifest.subject(subject).map(SubjectNode::owner).orElse("");
    }

    public Manifest manifest() {
        return manifest;
    }

    public List<Entry> all() {
        return List.copyOf(entries.values());
    }

    public Optional<Entry> entry(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** The id of the node that makes a table, {@code database.table}. */
    public Optional<String> maker(String table) {
        return manifest.model(table)
                .map(ModelNode::id)
                .or(() -> manifest.sources().stream()
                        .filter(s -> s.table().equals(table))
                        .map(SourceNode::id)
                        .findFirst())
                .or(() -> manifest.seeds().stream()
                        .filter(s -> s.table().equals(table))
                        .map(SeedNode::id)
                        .findFirst());
    }

    /**
     * A model by its bare name or {@code database.table}.
     *
     * @throws GranaryException when there is none, with the nearest known name
     */
    public ModelNode model(String name) {
        return manifest.model(name).orElseThrow(() -> {
            List<String> known = manifest.models().stream().map(ModelNode::name).toList();
            String bare = name.substring(name.indexOf('.') + 1);
            String hint = Suggestion.nearest(bare, known)
                    .map(near -> "Did you mean '" + near + "'?")
                    .orElse("`granary ls` lists what there is; after a change run `granary compile`.");
            return new GranaryException(ErrorCode.NOT_FOUND, "there is no model '" + name + "'. " + hint);
        });
    }
}
