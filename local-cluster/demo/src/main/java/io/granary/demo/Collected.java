package io.granary.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How much of the site's logs, and of the changes of its orders, the Flume agent has read, from its position files. */
final class Collected {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Home home;

    Collected(Home home) {
        this.home = home;
    }

    /** Bytes the agent has not read yet. */
    long behind(Path logs, List<String> sources) {
        long written = 0;
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.toList()) {
                written += Files.size(file);
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot look at the site's logs in " + logs + ": " + e, e);
        }
        long read = 0;
        for (String source : sources) {
            read += read(logs, home.data("flume").resolve("positions-" + source + ".json"));
        }
        return written - read;
    }

    /** How many changes of orders the agent has read; the poller's files are named by the number of their first one. */
    long changes() {
        long read = 0;
        for (JsonNode file : files(home.data("flume").resolve("positions-trade.order_change.json"))) {
            String name = Path.of(file.path("path").asText()).getFileName().toString();
            long first = Long.parseLong(name.substring(0, name.indexOf('.')));
            read = Math.max(read, first - 1 + file.path("lines").asLong());
        }
        return read;
    }

    private static long read(Path logs, Path positions) {
        long read = 0;
        for (JsonNode file : files(positions)) {
            if (!file.path("gone").asBoolean()
                    && Path.of(file.path("path").asText()).startsWith(logs)) {
                read += file.path("offset").asLong();
            }
        }
        return read;
    }

    private static JsonNode files(Path positions) {
        if (!Files.exists(positions)) {
            return JSON.createArrayNode();
        }
        try {
            return JSON.readTree(Files.readString(positions)).path("files");
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "cannot read the agent's positions " + positions + ": " + e, e);
        }
    }
}
