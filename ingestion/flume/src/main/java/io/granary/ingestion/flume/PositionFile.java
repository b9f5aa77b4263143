package io.granary.ingestion.flume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The positions of one source on disk: {@code {"version":1,"files":{"<file id>":{"path","offset","lines","partition"}}}},
 * with {@code "rotated":true} and {@code "gone":true} where they are true. It is replaced whole, after the channel has
 * taken the chunks: whoever reads it may rely on everything below {@code offset} being in Kafka.
 */
record PositionFile(Path path) {
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The saved positions in the order of the file; none when there is no file yet.
     *
     * @throws GranaryException when the file is not what {@link #save} writes
     */
    Map<String, Position> load() {
        Map<String, Position> positions = new LinkedHashMap<>();
        if (!Files.exists(path)) {
            return positions;
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(path));
            if (!root.path("files").isObject() || root.path("version").asInt() != VERSION) {
                throw broken("it has no \"files\" of version " + VERSION, null);
            }
            root.path("files").fields().forEachRemaining(e -> positions.put(e.getKey(), position(e.getValue())));
        } catch (JsonProcessingException e) {
            throw broken(e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read position file " + path + ": " + e, e);
        }
        return positions;
    }

    /** Writes, forces and renames, so that the file is always whole. */
    void save(Map<String, Position> positions) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", VERSION);
        ObjectNode files = root.putObject("files");
        positions.forEach((file, p) -> {
            ObjectNode node = files.putObject(file)
                    .put("path", p.path().toString())
                    .put("offset", p.offset())
                    .put("lines", p.lines())
                    .put("partition", p.partition());
            if (p.rotated()) {
                node.put("rotated", true);
            }
            if (p.gone()) {
                node.put("gone", true);
            }
        });
        Path part = path.resolveSibling(path.getFileName() + ".part");
        try (FileChannel out = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(root));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Position position(JsonNode node) {
        long offset = node.path("offset").asLong(-1);
        long lines = node.path("lines").asLong(-1);
        int partition = node.path("partition").asInt(-1);
        if (!node.path("path").isTextual() || offset < 0 || lines < 0 || partition < 0) {
            throw broken("entry " + node + " has no path, offset, lines and partition", null);
        }
        return new Position(
                Path.of(node.path("path").asText()),
                offset,
                lines,
                partition,
                node.path("rotated").asBoolean(),
                node.path("gone").asBoolean());
    }

    private GranaryException broken(String why, Exception cause) {
        return new GranaryException(
                ErrorCode.DATA,
                "position file " + path + " is broken: " + why
                        + ". Granary replaces it whole, so something else changed it. Restore it, or move it away:"
                        + " then every file is sent again from its start, and what is already known is dropped when"
                        + " it is sealed.",
                cause);
    }
}
