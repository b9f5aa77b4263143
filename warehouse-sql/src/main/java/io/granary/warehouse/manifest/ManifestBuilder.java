package io.granary.warehouse.manifest;

import java.time.Instant;
import java.util.List;

/** A {@link Manifest} of this version, list by list: of the epoch, with an empty hash and empty lists, until it is said. */
public final class ManifestBuilder {
    private final String project;
    private Instant generatedAt = Instant.EPOCH;
    private String hash = "";
    private List<SubjectNode> subjects = List.of();
    private List<SourceNode> sources = List.of();
    private List<ModelNode> models = List.of();
    private List<CounterNode> counters = List.of();
    private List<ExportNode> exports = List.of();
    private List<ReportNode> reports = List.of();
    private List<Edge> edges = List.of();
    private List<SeedNode> seeds = List.of();
    private List<UnitTestNode> unitTests = List.of();
    private List<MetricNode> metrics = List.of();

    ManifestBuilder(String project) {
        this.project = project;
    }

    ManifestBuilder(Manifest manifest) {
        this.project = manifest.project();
        this.generatedAt = manifest.generatedAt();
        this.hash = manifest.hash();
        this.subjects = manifest.subjects();
        this.sources = manifest.sources();
        this.models = manifest.models();
        this.counters = manifest.counters();
        this.exports = manifest.exports();
        this.reports = manifest.reports();
        this.edges = manifest.edges();
        this.seeds = manifest.seeds();
        this.unitTests = manifest.unitTests();
        this.metrics = manifest.metrics();
    }

    public ManifestBuilder generatedAt(Instant generatedAt) {
        this.generatedAt = generatedAt;
        return this;
    }

    public ManifestBuilder hash(String hash) {
        this.hash = hash;
        return this;
    }

    public ManifestBuilder subjects(List<SubjectNode> subjects) {
        this.subjects = subjects;
        return this;
    }

    public ManifestBuilder sources(List<SourceNode> sources) {
        this.sources = sources;
        return this;
    }

    public ManifestBuilder models(List<ModelNode> models) {
        this.models = models;
        return this;
    }

    public ManifestBuilder counters(List<CounterNode> counters) {
        this.counters = counters;
        return this;
    }

    public ManifestBuilder exports(List<ExportNode> exports) {
        this.exports = exports;
        return this;
    }

    public ManifestBuilder reports(List<ReportNode> reports) {
        this.reports = reports;
        return this;
    }

    public ManifestBuilder edges(List<Edge> edges) {
        this.edges = edges;
        return this;
    }

    public ManifestBuilder seeds(List<SeedNode> seeds) {
        this.seeds = seeds;
        return this;
    }

    public ManifestBuilder unitTests(List<UnitTestNode> unitTests) {
        this.unitTests = unitTests;
        return this;
    }

    public ManifestBuilder metrics(List<MetricNode> metrics) {
        this.metrics = metrics;
        return this;
    }

    public Manifest manifest() {
        return new Manifest(
                Manifest.VERSION,
                project,
                generatedAt,
                hash,
                subjects,
                sources,
                models,
                counters,
                exports,
                reports,
                edges,
                seeds,
                unitTests,
                metrics);
    }
}
