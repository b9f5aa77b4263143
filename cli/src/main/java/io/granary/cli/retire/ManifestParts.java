package io.granary.cli.retire;

import io.granary.cli.project.Catalog;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MetricNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.ReportNode;
import io.granary.warehouse.manifest.SeedNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.SubjectNode;
import io.granary.warehouse.text.Digests;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** A manifest cut in two: what one subject defines, and what the others do. */
record ManifestParts(Manifest manifest, String subject) {
    static final String MODELS = "models of others";
    static final String REST = "definitions of others";

    /** SHA-256 of all that the subject itself defines. */
    String ownHash() {
        Manifest own = part(subject::equals);
        return Digests.sha256(own.toJson());
    }

    /** SHA-256 of the models of the other subjects ({@link #MODELS}), and of everything else of theirs ({@link #REST}). */
    Map<String, String> restHashes() {
        Manifest others = others();
        Map<String, String> hashes = new TreeMap<>();
        hashes.put(MODELS, Digests.sha256(others.models().toString()));
        hashes.put(
                REST,
                Digests.sha256(List.of(
                                others.subjects(),
                                others.sources(),
                                others.counters(),
                                others.exports(),
                                others.reports(),
                                others.edges(),
                                others.seeds(),
                                others.unitTests(),
                                others.metrics())
                        .toString()));
        return hashes;
    }

    Manifest others() {
        return part(name -> !name.equals(subject));
    }

    private Manifest part(Predicate<String> subjects) {
        Catalog catalog = new Catalog(manifest);
        return Manifest.of("")
                .subjects(some(manifest.subjects(), SubjectNode::name, subjects))
                .sources(some(manifest.sources(), SourceNode::subject, subjects))
                .models(some(manifest.models(), ModelNode::subject, subjects))
                .counters(some(manifest.counters(), CounterNode::subject, subjects))
                .exports(some(manifest.exports(), ExportNode::subject, subjects))
                .reports(some(manifest.reports(), ReportNode::subject, subjects))
                .edges(some(
                        manifest.edges(),
                        e -> catalog.entry(e.to()).map(Catalog.Entry::subject).orElse(""),
                        subjects))
                .seeds(some(manifest.seeds(), SeedNode::subject, subjects))
                .unitTests(some(
                        manifest.unitTests(),
                        t -> catalog.entry(t.model())
                                .map(Catalog.Entry::subject)
                                .orElse(""),
                        subjects))
                .metrics(some(manifest.metrics(), MetricNode::subject, subjects))
                .manifest();
    }

    private static <T> List<T> some(List<T> nodes, Function<T, String> subject, Predicate<String> wanted) {
        return nodes.stream().filter(n -> wanted.test(subject.apply(n))).toList();
    }
}
