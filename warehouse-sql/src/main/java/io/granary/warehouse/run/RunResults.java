package io.granary.warehouse.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.text.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * What one command did (docs/contracts.md, section 12); dbt's names where they fit.
 *
 * @param args the command ({@code which}) and its options
 * @param elapsedTime seconds
 */
public record RunResults(Metadata metadata, Map<String, String> args, double elapsedTime, List<Result> results) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public RunResults {
        args = Collections.unmodifiableMap(new LinkedHashMap<>(args));
        results = List.copyOf(results);
    }

    /** When the command ended, and by which Granary. */
    public record Metadata(Instant generatedAt, String granaryVersion) {}

    /** How a node ended. */
    public enum Status {
        @JsonProperty("success")
        SUCCESS,
        @JsonProperty("error")
        ERROR,
        /** Not tried, because something it depends on failed. */
        @JsonProperty("skipped")
        SKIPPED,
        /** A test that found nothing. */
        @JsonProperty("pass")
        PASS,
        /** A test that found what must not be. */
        @JsonProperty("fail")
        FAIL,
        /** A test that found what should not be. */
        @JsonProperty("warn")
        WARN
    }

    /** A part of the work on a node, as in dbt's {@code timing}; the parts follow each other. */
    public record Timing(String name, Instant startedAt, Instant completedAt) {}

    /**
     * One node.
     *
     * @param executionTime seconds
     * @param rowsAffected null when it is not known
     * @param partitions those published
     * @param runId the version that was published; null when none was
     * @param partition the one that was to be made, such as {@code ds=2026-11-01}; empty for a table without
     *     partitions, null where a result is of no partition
     * @param warnings of checks that did not prevent publication
     * @param failures of a test: how many bad rows; null for what is no test
     * @param timing where the time went, in order; empty where it was not taken
     */
    public record Result(
            String uniqueId,
            Status status,
            double executionTime,
            String message,
            Long rowsAffected,
            List<String> partitions,
            String runId,
            String partition,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> warnings,
            Long failures,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Timing> timing) {

        public Result {
            partitions = List.copyOf(partitions);
            warnings = warnings == null ? List.of() : List.copyOf(warnings);
            timing = timing == null ? List.of() : List.copyOf(timing);
        }

        public Result(
                String uniqueId,
                Status status,
                double executionTime,
                String message,
                Long rowsAffected,
                List<String> partitions,
                String runId) {
            this(
                    uniqueId,
                    status,
                    executionTime,
                    message,
                    rowsAffected,
                    partitions,
                    runId,
                    null,
                    List.of(),
                    null,
                    List.of());
        }

        /** This result, of one partition that was to be made. */
        public Result of(String made) {
            return with(made, warnings, timing);
        }

        public Result withWarnings(List<String> found) {
            return with(partition, found, timing);
        }

        public Result withTiming(List<Timing> taken) {
            return with(partition, warnings, taken);
        }

        private Result with(String made, List<String> found, List<Timing> taken) {
            return new Result(
                    uniqueId,
                    status,
                    executionTime,
                    message,
                    rowsAffected,
                    partitions,
                    runId,
                    made,
                    found,
                    failures,
                    taken);
        }

        /**
         * A test.
         *
         * @param partition what was tested; null for a unit test
         */
        public static Result test(
                String uniqueId, Status status, double seconds, String message, String partition, long failures) {
            return new Result(
                    uniqueId, status, seconds, message, null, List.of(), null, partition, List.of(), failures,
                    List.of());
        }

        public static Result success(
                String uniqueId, Duration time, long rowsAffected, List<String> partitions, String runId) {
            return new Result(uniqueId, Status.SUCCESS, seconds(time), "OK", rowsAffected, partitions, runId);
        }

        public static Result error(String uniqueId, Duration time, String message) {
            return new Result(uniqueId, Status.ERROR, seconds(time), message, null, List.of(), null);
        }

        public static Result skipped(String uniqueId, String message) {
            return new Result(uniqueId, Status.SKIPPED, 0, message, null, List.of(), null);
        }
    }

    public static RunResults of(Instant endedAt, Map<String, String> args, Duration elapsed, List<Result> results) {
        return new RunResults(new Metadata(endedAt, version()), args, seconds(elapsed), results);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    /** Maven writes it into the jar; classes run from a build folder have none. */
    private static String version() {
        try (InputStream in =
                RunResults.class.getResourceAsStream("/META-INF/maven/io.granary/warehouse-sql/pom.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "development");
        } catch (IOException e) {
            return "development";
        }
    }

    /** How many nodes ended in a way. */
    public long count(Status status) {
        return results.stream().filter(r -> r.status() == status).count();
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new GranaryException(
                    ErrorCode.INTERNAL, "run results cannot be written as JSON: " + e.getMessage(), e);
        }
    }

    /** Reads what {@link #write} wrote; {@code where} names it in messages. */
    public static RunResults fromJson(String json, String where) {
        try {
            return JSON.readValue(json, RunResults.class);
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.DATA, where + " are no run results: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads {@code target/run-results.json}.
     *
     * @throws GranaryException when nothing has run yet, or the file is something else
     */
    public static RunResults read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new GranaryException(ErrorCode.NOT_FOUND, "no results at " + file + ": nothing has run yet");
        }
        try {
            return fromJson(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e, e);
        }
    }

    /** Writes it whole or not at all. */
    public void write(Path file) {
        WholeFile.write(file, toJson());
    }
}
