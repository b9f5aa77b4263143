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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
     * {@code connection, sourceTable, mode, splitKey} for {@code type: jdbc}, whose columns are read from the database;
     * its {@code columns} are those that the project declares, perhaps none.
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
     * @param partition empty for {@code full}, {@code view} and {@code scd2} tables that have none
     * @param materialization {@code view}, {@code full}, {@code incremental} or {@code scd2}
     * @param columns without the partition columns
     * @param lookback days before a partition's day that are built again with it; null is 0
     * @param key of {@code scd2}: columns that name an entity
     * @param tracked of {@code scd2}: columns whose change makes a new row
     * @param tests data tests, those on {@code unique} first
     * @param lineage from an output column to the columns it is made from, {@code database.table.column}
     * @param reads from each table that is read, those behind views too, to the days of it
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
            String hash,
            Integer lookback,
            List<String> key,
            List<String> tracked,
            List<String> tags,
            List<TestNode> tests,
            Map<String, List<String>> lineage,
            Map<String, DayRange> reads) {

        public ModelNode {
            unique = List.copyOf(unique);
            partition = List.copyOf(partition);
            parameters = List.copyOf(parameters);
            inputs = List.copyOf(inputs);
            columns = List.copyOf(columns);
            key = key == null ? List.of() : List.copyOf(key);
            tracked = tracked == null ? List.of() : List.copyOf(tracked);
            tags = tags == null ? List.of() : List.copyOf(tags);
            tests = tests == null ? List.of() : List.copyOf(tests);
            lineage = lineage == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(lineage));
            reads = reads == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(reads));
        }

        /** A model without lookback, key, tags, tests and known lineage. */
        public ModelNode(
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
            this(
                    id,
                    subject,
                    layer,
                    name,
                    table,
                    file,
                    sql,
                    description,
                    owner,
                    grain,
                    unique,
                    partition,
                    materialization,
                    streamable,
                    access,
                    parameters,
                    inputs,
                    columns,
                    hash,
                    null,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Map.of(),
                    Map.of());
        }

        /** The same model, with the days that it reads. */
        public ModelNode withReads(Map<String, DayRange> reads) {
            return new ModelNode(
                    id,
                    subject,
                    layer,
                    name,
                    table,
                    file,
                    sql,
                    description,
                    owner,
                    grain,
                    unique,
                    partition,
                    materialization,
                    streamable,
                    access,
                    parameters,
                    inputs,
                    columns,
                    hash,
                    lookback,
                    key,
                    tracked,
                    tags,
                    tests,
                    lineage,
                    reads);
        }

        /** {@link #lookback}, 0 when there is none. */
        public int lookbackDays() {
            return lookback == null ? 0 : lookback;
        }
    }

    /**
     * A data test of a model: rows that are wrong, or a number that is.
     *
     * @param id {@code test.<model>.<name>}
     * @param type {@code not_null, unique, accepted_values, relationships, in_range, row_count, expression, freshness,
     *     sql}
     * @param columns the columns it is about; empty for row_count, expression and sql
     * @param arguments what the type takes besides: {@code values}; {@code to} (a table), {@code field}; {@code min, max};
     *     {@code min, max, days, max_change}; {@code expression}; {@code max_age}; {@code file, sql}, in which
     *     {@code {this}} stands for the table
     * @param where a condition on the rows that are tested; null is all of them
     * @param severity {@code fail} or {@code warn}
     */
    public record TestNode(
            String id,
            String type,
            List<String> columns,
            Map<String, Object> arguments,
            String where,
            String severity) {

        public TestNode {
            columns = columns == null ? List.of() : List.copyOf(columns);
            arguments = arguments == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
        }
    }

    /**
     * A model's SQL over given rows must yield the expected ones, in any order.
     *
     * @param id {@code unit_test.<model>.<name>}
     * @param model id of the model
     * @param ds the day the model runs for
     * @param given from {@code database.table} to rows; a column that a row leaves out is NULL
     * @param expect rows; only the columns they name are compared
     */
    public record UnitTestNode(
            String id,
            String model,
            String name,
            String file,
            String ds,
            Map<String, List<Map<String, Object>>> given,
            List<Map<String, Object>> expect) {

        public UnitTestNode {
            given = Collections.unmodifiableMap(new LinkedHashMap<>(given));
            expect = List.copyOf(expect);
        }
    }

    /**
     * A table made from a CSV file of the project.
     *
     * @param id {@code seed.<subject>.<name>}
     * @param file path of the CSV inside the project; its first line names the columns
     * @param hash of the file's content and the columns
     */
    public record SeedNode(
            String id, String subject, String name, String table, String file, List<ColumnNode> columns, String hash) {

        public SeedNode {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A measure of a metric.
     *
     * @param type {@code sum, count, min, max, distinct} of {@code column} (count has none), or {@code ratio}: the sum of
     *     {@code numerator} over the sum of {@code denominator}, names of other measures of the metric
     */
    public record MetricMeasure(
            String name, String type, String column, String numerator, String denominator, String description) {}

    /**
     * Numbers that people may ask for by dimensions.
     *
     * @param id {@code metric.<subject>.<name>}
     * @param from the model's table
     * @param time column that holds the time, {@code ds} mostly
     */
    public record MetricNode(
            String id,
            String subject,
            String name,
            String description,
            String from,
            String time,
            List<String> dimensions,
            List<MetricMeasure> measures) {

        public MetricNode {
            dimensions = List.copyOf(dimensions);
            measures = List.copyOf(measures);
        }

        /** {@code <subject>.<name>}. */
        public String qualifiedName() {
            return subject + "." + name;
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
