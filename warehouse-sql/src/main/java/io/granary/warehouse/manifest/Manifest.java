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
        List<Edge> edges) {

    /** Version of the file's form that this code reads and writes. */
    public static final int VERSION = 1;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
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
    }

    /** A subject's page: who owns it and in which time zone its days are. */
    public record SubjectNode(
            String name, String owner, String description, String cadence, String timeZone, String alertGroup) {}

    /** Files of one site: {@code glob} may hold references of the profile. */
    public record LogFiles(String site, String glob) {}

    /**
     * A column of a table. {@code required} has a meaning for sources only: a line without it is quarantined.
     *
     * @param type a Spark SQL type, such as {@code bigint} or {@code decimal(12,2)}
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record ColumnNode(String name, String type, boolean required, String description) {}

    /**
     * What comes in. {@code format, eventTime, topic, inbox, files, columns} are set for {@code type: log};
     * {@code connection, sourceTable, mode, splitKey} for {@code type: jdbc}, whose columns are read from the database.
     */
    public record SourceNode(
            String id,
            String subject,
            String name,
            String type,
            String description,
            String table,
            List<String> partition,
            String timeZone,
            String format,
            String eventTime,
            String topic,
            Boolean inbox,
            List<LogFiles> files,
            List<ColumnNode> columns,
            String connection,
            String sourceTable,
            String mode,
            String splitKey) {

        public SourceNode {
            partition = List.copyOf(partition);
            files = files == null ? List.of() : List.copyOf(files);
            columns = columns == null ? List.of() : List.copyOf(columns);
        }

        public boolean isLog() {
            return type.equals("log");
        }

        /** {@code <subject>.<name>}, the name people and headers use. */
        public String qualifiedName() {
            return subject + "." + name;
        }
    }

    /**
     * A table made by SQL.
     *
     * @param file path of the SQL inside the project
     * @param inputs tables it reads, {@code database.table}, in alphabetical order
     * @param columns without the partition columns
     */
    public record ModelNode(
            String id,
            String subject,
            String layer,
            String name,
            String table,
            String file,
            String sql,
            String description,
            String owner,
            String grain,
            List<String> unique,
            List<String> partition,
            String materialization,
            boolean streamable,
            String access,
            List<String> parameters,
            List<String> inputs,
            List<ColumnNode> columns,
            String hash) {

        public ModelNode {
            unique = List.copyOf(unique);
            partition = List.copyOf(partition);
            parameters = List.copyOf(parameters);
            inputs = List.copyOf(inputs);
            columns = List.copyOf(columns);
        }
    }

    /** A measure of a counter: {@code count}, {@code sum} or {@code distinct} of a column. */
    public record MeasureNode(String name, String type, String column, Boolean exact) {}

    /** A real-time number over a streamable model. {@code windows}: {@code 1m, 5m, 1h, 1d, total}. */
    public record CounterNode(
            String id,
            String subject,
            String name,
            String description,
            String from,
            String time,
            String where,
            List<String> by,
            List<String> windows,
            List<MeasureNode> measures,
            int ttlDays) {

        public CounterNode {
            by = List.copyOf(by);
            windows = List.copyOf(windows);
            measures = List.copyOf(measures);
        }

        /** {@code <subject>.<name>}, as in Redis keys and API paths. */
        public String qualifiedName() {
            return subject + "." + name;
        }
    }

    /** A table that goes to the sharing layer. */
    public record ExportNode(
            String id,
            String subject,
            String name,
            String description,
            String from,
            String connection,
            String table,
            List<String> key) {

        public ExportNode {
            key = List.copyOf(key);
        }
    }

    /** A column of a report and the title people see. */
    public record ReportColumn(String name, String title) {}

    /** A page for business teams over an exported table. */
    public record ReportNode(
            String id,
            String subject,
            String name,
            String title,
            String description,
            String from,
            String connection,
            String sourceTable,
            List<ReportColumn> columns) {

        public ReportNode {
            columns = List.copyOf(columns);
        }

        public String qualifiedName() {
            return subject + "." + name;
        }
    }

    /** {@code to} reads {@code from}; both are ids. */
    public record Edge(String from, String to) {}

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
