package io.granary.ingestion.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * The Flume agent as seen from outside: its process, and the position file of a source, which says how far each file is
 * safely in Kafka.
 *
 * @param patience how long it may make no progress
 */
record Agent(Home home, String source, Duration patience) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LOOK = Duration.ofMillis(200);

    /** @throws GranaryException when the agent does not run */
    void requireRunning() {
        Path file = home.run().resolve("flume.json");
        long pid = json(file).path("pid").asLong(-1);
        if (pid < 0 || ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "the Flume agent is not running (" + file + (pid < 0 ? " is not there" : " names pid " + pid)
                            + "). Start it with `granary up`, or `granary restart flume`, and run this command again.");
        }
    }

    /**
     * Waits until the agent has sent files whole.
     *
     * @param sizes bytes by content hash
     * @param progress is told how many bytes of them all are sent, when that changes
     * @throws GranaryException when the agent ends, or makes no progress for as long as its patience lasts
     */
    void await(Map<String, Long> sizes, LongConsumer progress) {
        long wanted = sizes.values().stream().mapToLong(Long::longValue).sum();
        long sent = -1;
        long moved = System.nanoTime();
        while (true) {
            Map<String, Long> offsets = offsets(sizes.keySet());
            long now = offsets.values().stream().mapToLong(Long::longValue).sum();
            if (now != sent) {
                sent = now;
                moved = System.nanoTime();
                progress.accept(sent);
            }
            if (sizes.entrySet().stream().allMatch(s -> offsets.get(s.getKey()) >= s.getValue())) {
                return;
            }
            requireRunning();
            if (System.nanoTime() - moved > patience.toNanos()) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        "the Flume agent has read " + sent + " of " + wanted + " bytes and did not go on for "
                                + patience.toSeconds() + " s. See `granary logs flume` and `granary status`. The files"
                                + " stay in the inbox: run the same command again and it goes on from there.");
            }
            pause(LOOK);
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted", e);
        }
    }

    private Map<String, Long> offsets(Collection<String> files) {
        JsonNode positions = json(home.data("flume").resolve("positions-" + source + ".json"))
                .path("files");
        return files.stream()
                .collect(Collectors.toMap(
                        f -> f, f -> positions.path(f).path("offset").asLong(0)));
    }

    private static JsonNode json(Path file) {
        if (!Files.exists(file)) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e, e);
        }
    }
}
