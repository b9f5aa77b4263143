package io.granary.batch.seal;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.granary.tablestore.RunId;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Instant;
import java.util.List;

/**
 * What one seal takes, kept beside the landing files as {@code _seals/<run id>.json} (docs/contracts.md, section 8).
 *
 * @param number of the seal of its source, from 1; 0 in records of an earlier Granary
 * @param files in order of their paths
 * @param replay set for a replay of the quarantine, which takes no files
 * @param plannedAt null in records of an earlier Granary
 * @param before what is known about the collection, without what this seal brings; null once it is done
 * @param after the same with it; set before the first table is published
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SealRecord(
        int sealVersion,
        String runId,
        String source,
        State state,
        long number,
        List<Taken> files,
        Replay replay,
        Instant plannedAt,
        CollectionState before,
        CollectionState after) {
    private static final int VERSION = 2;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
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

    /**
     * A part of a landing file.
     *
     * @param path without {@code .tmp}
     * @param from where an earlier seal stopped
     * @param to where this one stops
     * @param copy these blocks as a file of their own; null when the file is closed and read whole
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Taken(
            String path, long from, @JsonAlias("length") long to, String copy) {}

    /**
     * Quarantined lines that are tried again.
     *
     * @param days collected days; empty: all
     */
    record Replay(List<String> days) {
        Replay {
            days = List.copyOf(days);
        }
    }

    SealRecord {
        files = List.copyOf(files);
    }

    static SealRecord planned(
            RunId run, String source, long number, List<Taken> files, Instant at, CollectionState before) {
        return new SealRecord(VERSION, run.value(), source, State.PLANNED, number, files, null, at, before, null);
    }

    static SealRecord replay(
            RunId run, String source, long number, List<String> days, Instant at, CollectionState before) {
        return new SealRecord(
                VERSION, run.value(), source, State.PLANNED, number, List.of(), new Replay(days), at, before, null);
    }

    /** All is counted, nothing is published. */
    SealRecord counted(CollectionState collection) {
        return new SealRecord(sealVersion, runId, source, state, number, files, replay, plannedAt, before, collection);
    }

    SealRecord done() {
        return new SealRecord(sealVersion, runId, source, State.DONE, number, files, replay, plannedAt, null, after);
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
