package io.granary.tablestore;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * {@code v=<run id>/_granary.json}: how the version was made. Immutable; written before the version is published.
 *
 * @param files partition to its data files; null in records written before files were noted
 * @param replaces partition to the run that readers saw before; a new partition is missing
 * @param sql of the definition, for people; null in records of what is no model
 * @param rows how many the version has; null when they were not counted
 * @param details what else the producer says; null when there is nothing
 */
record ProvenanceFile(
        int provenanceVersion,
        String runId,
        String table,
        String producer,
        String sqlHash,
        List<Provenance.Input> inputs,
        List<String> partitions,
        Map<String, List<DataFile>> files,
        Map<String, String> replaces,
        Instant writtenAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) String sql,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long rows,
        @JsonInclude(JsonInclude.Include.NON_NULL) Map<String, Object> details) {

    static final String NAME = "_granary.json";
    static final String PARAMETER_PREFIX = "granary.";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** A file by its name in the partition's folder and its length. */
    record DataFile(String name, long bytes) {}

    static ProvenanceFile of(
            TableName table,
            RunId run,
            Provenance provenance,
            Map<PartitionSpec, List<DataFile>> files,
            Map<PartitionSpec, RunId> replaces,
            Instant writtenAt) {
        Map<String, List<DataFile>> byName = new TreeMap<>();
        files.forEach((spec, found) -> byName.put(spec.toString(), found));
        Map<String, String> replaced = new TreeMap<>();
        replaces.forEach((spec, before) -> replaced.put(spec.toString(), before.value()));
        return new ProvenanceFile(
                1,
                run.value(),
                table.toString(),
                provenance.producer(),
                provenance.sqlHash(),
                provenance.inputs(),
                List.copyOf(byName.keySet()),
                byName,
                replaced,
                writtenAt,
                provenance.sql(),
                provenance.rows(),
                provenance.details());
    }

    /** Empty when the version has none: its run did not get as far as publishing. */
    static Optional<ProvenanceFile> read(FileSystem files, Path version) {
        Path file = new Path(version, NAME);
        try (InputStream in = files.open(file)) {
            JsonNode record = JSON.readTree(in);
            return record.isMissingNode()
                    ? Optional.empty()
                    : Optional.of(JSON.treeToValue(record, ProvenanceFile.class));
        } catch (FileNotFoundException | StreamReadException e) {
            // none, or its writer died over it: then the version was never published
            return Optional.empty();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The version that readers saw before this one. */
    Optional<RunId> replaced(PartitionSpec partition) {
        return replaces == null
                ? Optional.empty()
                : Optional.ofNullable(replaces.get(partition.toString())).map(RunId::new);
    }

    /** Null when they were not recorded. */
    List<DataFile> dataFiles(PartitionSpec partition) {
        return files == null ? null : files.getOrDefault(partition.toString(), List.of());
    }

    void write(FileSystem files, Path version) {
        Path file = new Path(version, NAME);
        try (OutputStream out = files.create(file, true)) {
            out.write(JSON.writeValueAsBytes(this));
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "cannot write " + file + ": " + e.getMessage() + EngineMessage.advice(e.toString()),
                    e);
        }
    }

    Provenance provenance() {
        return new Provenance(producer, sqlHash, inputs, sql, rows, details);
    }

    /** The short copy that partitions carry for a person to see; the location remains the truth. */
    Map<String, String> parameters() {
        return parameters(runId, producer, sqlHash, writtenAt);
    }

    static Map<String, String> parameters(String runId, String producer, String sqlHash, Instant writtenAt) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("granary.run_id", runId);
        parameters.put("granary.producer", producer);
        parameters.put("granary.sql_hash", sqlHash);
        parameters.put("granary.written_at", writtenAt.toString());
        parameters.values().removeIf(Objects::isNull);
        return parameters;
    }

    static void replaceParameters(Map<String, String> target, Map<String, String> provenance) {
        target.keySet().removeIf(key -> key.startsWith(PARAMETER_PREFIX));
        target.putAll(provenance);
    }
}
