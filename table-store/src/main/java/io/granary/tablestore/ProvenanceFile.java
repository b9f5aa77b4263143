package io.granary.tablestore;

import com.fasterxml.jackson.databind.DeserializationFeature;
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
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** {@code v=<run id>/_granary.json}: how the version was made. */
record ProvenanceFile(
        int provenanceVersion,
        String runId,
        String table,
        String producer,
        String sqlHash,
        List<Provenance.Input> inputs,
        List<String> partitions,
        Instant writtenAt) {

    static final String NAME = "_granary.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    static ProvenanceFile of(
            TableStore.Staging staging, Provenance provenance, List<PartitionSpec> partitions, Instant writtenAt) {
        return new ProvenanceFile(
                1,
                staging.run().value(),
                staging.target().toString(),
                provenance.producer(),
                provenance.sqlHash(),
                provenance.inputs(),
                partitions.stream().map(PartitionSpec::toString).toList(),
                writtenAt);
    }

    void write(FileSystem files, Path version) {
        Path file = new Path(version, NAME);
        try (OutputStream out = files.create(file, true)) {
            out.write(JSON.writeValueAsBytes(this));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** Reads that of a version folder; none when there is no such file. */
    static Optional<ProvenanceFile> read(FileSystem files, Path version) {
        Path file = new Path(version, NAME);
        try (InputStream in = files.open(file)) {
            return Optional.of(JSON.readValue(in, ProvenanceFile.class));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    Provenance provenance() {
        return new Provenance(producer, sqlHash, inputs);
    }

    /** The short copy that partitions carry for a person to see; the location remains the truth. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("granary.run_id", runId);
        parameters.put("granary.producer", producer);
        parameters.put("granary.sql_hash", sqlHash);
        parameters.put("granary.written_at", writtenAt.toString());
        parameters.values().removeIf(java.util.Objects::isNull);
        return parameters;
    }
}
