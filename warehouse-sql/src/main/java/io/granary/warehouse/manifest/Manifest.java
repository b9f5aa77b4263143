package io.granary.warehouse.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The compiled project (docs/contracts.md, section 5): what every module downstream of compile reads.
 *
 * @param hash of everything but {@code generated_at}
 */
public record Manifest(
        int manifestVersion,
        String project,
        Instant generatedAt,
        String hash,
        List<SubjectNode> subjects,
        List<SourceNode> sources,
        List<ModelNode> models,
        List<CounterNode> counters,
        List<ExportNode> exports,
        List<ReportNode> reports,
        List<Edge> edges,
        List<SeedNode> seeds,
        List<UnitTestNode> unitTests,
        List<MetricNode> metrics) {

    /** Version of the file's form that this code reads and writes. */
    public static final int VERSION = 1;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            // a NULL in a unit test's row is a value; an unset field is left out
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public Manifest {
        subjects = List.copyOf(subjects);
        sources = List.copyOf(sources);
        models = List.copyOf(models);
        counters = List.copyOf(counters);
        exports = List.copyOf(exports);
        reports = List.copyOf(reports);
        edges = List.copyOf(edges);
        seeds = seeds == null ? List.of() : List.copyOf(seeds);
        unitTests = unitTests == null ? List.of() : List.copyOf(unitTests);
        metrics = metrics == null ? List.of() : List.copyOf(metrics);
    }

    /** A project without seeds, unit tests and metrics. */
    public Manifest(
            int manifestVersion,
            String project,
            Instant generatedAt,
            String hash,
            List<SubjectNode> subjects,
            List<SourceNode> sources,
            List<ModelNode> models,
            List<CounterNode> counters,
            List<ExportNode> exports,
            List<ReportNode> reports,
            List<Edge> edges) {
        this(
                manifestVersion,
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
                List.of(),
                List.of(),
                List.of());
    }

    public Optional<SourceNode> source(String qualifiedName) {
        return sources.stream()
                .filter(s -> s.qualifiedName().equals(qualifiedName))
                .findFirst();
    }

    /** A model by its bare name or its {@code database.table}. */
    public Optional<ModelNode> model(String name) {
        return models.stream()
                .filter(m -> m.name().equals(name) || m.table().equals(name))
                .findFirst();
    }

    public Optional<CounterNode> counter(String qualifiedName) {
        return counters.stream()
                .filter(c -> c.qualifiedName().equals(qualifiedName))
                .findFirst();
    }

    public Optional<ReportNode> report(String qualifiedName) {
        return reports.stream()
                .filter(r -> r.qualifiedName().equals(qualifiedName))
                .findFirst();
    }

    public Optional<SubjectNode> subject(String name) {
        return subjects.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "manifest cannot be written as JSON: " + e.getMessage(), e);
        }
    }

    /** Reads a manifest's JSON; {@code where} names it in messages. */
    public static Manifest fromJson(String json, String where) {
        try {
            Manifest manifest = JSON.readValue(json, Manifest.class);
            if (manifest.manifestVersion() != VERSION) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        where + " has manifest_version " + manifest.manifestVersion() + ", this Granary reads "
                                + VERSION + ". Run `granary compile` again.");
            }
            return manifest;
        } catch (JsonProcessingException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    where + " is no manifest: " + e.getOriginalMessage() + ". Run `granary compile` again.",
                    e);
        }
    }

    /** Reads {@code target/manifest.json}. */
    public static Manifest read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND, "no manifest at " + file + ". Run `granary compile` first.");
        }
        try {
            return fromJson(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e, e);
        }
    }

    /** Writes it whole or not at all. */
    public void write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Path part =
                    Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
            Files.writeString(part, toJson());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }
}
