package io.granary.batch.seal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;

/**
 * What an agent reported: everything that it read of these files up to then is below these ends, and in Kafka.
 *
 * @param agent id of the agent run, its start in milliseconds since 1970
 * @param at by the agent's clock
 */
record Heartbeat(
        String region, String host, String agent, long sequence, Instant at, boolean stopped, List<ReadFile> files) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * How far a file is read.
     *
     * @param host of its chunks, when it is not the agent's
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record ReadFile(String host, String file, long end, long lines) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Body(int version, String state, List<ReadFile> files) {}

    Heartbeat {
        files = files == null ? List.of() : List.copyOf(files);
    }

    /** @param where named in messages */
    static Heartbeat of(GenericRecord event, String where) {
        Map<String, String> headers = new TreeMap<>();
        ((Map<?, ?>) event.get("headers")).forEach((k, v) -> headers.put(k.toString(), v.toString()));
        ByteBuffer bytes = ((ByteBuffer) event.get("body")).duplicate();
        byte[] body = new byte[bytes.remaining()];
        bytes.get(body);
        try {
            Body said = JSON.readValue(body, Body.class);
            return new Heartbeat(
                    headers.getOrDefault("region", ""),
                    headers.get("host"),
                    headers.get("agent"),
                    Long.parseLong(headers.get("sequence")),
                    Instant.ofEpochMilli(Long.parseLong(headers.get("collected_at"))),
                    "stopped".equals(said.state()),
                    said.files());
        } catch (IOException | NumberFormatException e) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "a heartbeat in " + where + " cannot be read (" + e.getMessage() + "); its headers are " + headers,
                    e);
        }
    }

    LogFile id(ReadFile read) {
        return new LogFile(region, read.host() == null ? host : read.host(), read.file());
    }
}
