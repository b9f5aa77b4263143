package io.granary.batch.seal;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.tablestore.RunId;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;

/**
 * What one seal takes, kept beside the landing files as {@code _seals/<run id>.json} (docs/contracts.md, section 8).
 *
 * @param files in order of their paths
 */
record SealRecord(int sealVersion, String runId, String source, State state, List<Taken> files) {
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** How far a seal has come. */
    enum State {
        /** Its tables may be published or not: it has to be run again. */
        @JsonProperty("planned")
        PLANNED,
        @JsonProperty("done")
        DONE
    }

    /** A file by its path (without {@code .tmp}) and the length it was read to. */
    record Taken(String path, long length) {}

    SealRecord {
        files = List.copyOf(files);
    }

    static SealRecord planned(RunId run, String source, List<Taken> files) {
        return new SealRecord(VERSION, run.value(), source, State.PLANNED, files);
    }

    SealRecord done() {
        return new SealRecord(sealVersion, runId, source, State.DONE, files);
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "seal " + runId + " cannot be written as JSON", e);
        }
    }

    /** {@code where} names the file in messages. */
    static SealRecord fromJson(String json, String where) {
        try {
            return JSON.readValue(json, SealRecord.class);
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.DATA, where + " is no seal record: " + e.getOriginalMessage(), e);
        }
    }
}
