package io.granary.ingestion.flume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The positions of one source on disk, as docs/contracts.md has them (section 6). It is replaced whole, after the channel
 * has taken the chunks: whoever reads it may rely on everything below {@code offset} being in Kafka.
 *
 * <p>A file that is torn all the same is refused and not replaced by an older one: this class cannot tear it, so the
 * disk, or somebody, did, and that must be seen. Moving it away loses nothing.
 */
record PositionFile(Path path) {
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What the file holds.
     *
     * @param positions by file id, in the order of the file
     * @param agent id of the last agent run that saved it, milliseconds; 0 when there was none
     */
    record Saved(Map<String, Position> positions, long agent) {}

    /**
     * The saved positions; none when there is no file yet.
     *
     * @throws GranaryException when the file is not what {@link #save} writes
     */
    Saved load() {
        Map<String, Position> positions = new LinkedHashMap<>();
        if (!Files.exists(path)) {
            return new Saved(positions, 0);
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(path));
            if (!root.path("files").isObject() || root.path("version").asInt() != VERSION) {
                throw broken("it has no \"files\" of version " + VERSION, null);
            }
            root.path("files").fields().forEachRemaining(e -> positions.put(e.getKey(), position(e.getValue())));
            return new Saved(positions, root.path("agent").asLong());
        } catch (JsonProcessingException e) {
            throw broken(e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read position file " + path + ": " + e, e);
        }
    }

    /** Writes, forces and renames, so that the file is always whole. */
    void save(Saved saved) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", VERSION).put("agent", saved.agent());
        ObjectNode files = root.putObject("files");
        saved.positions().forEach((file, position) -> write(files.putObject(file), position));
        DurableFiles.replace(path.toAbsolutePath(), JSON.writeValueAsBytes(root));
    }

    private static void write(ObjectNode node, Position p) {
        node.put("path", p.path().toString())
                .put("offset", p.offset())
                .put("lines", p.lines())
                .put("partition", p.partition());
        if (p.rotated()) {
            node.put("rotated", true);
        }
        if (p.gone()) {
            node.put("gone", true);
        }
        if (p.trail().length() > 0) {
            node.put("trail", p.trail().hex());
        }
        if (p.inode() != null) {
            node.put("inode", p.inode().toString());
        }
        write(node, "mark", p.mark());
        write(node, "sending", p.sending());
        if (p.copyOf() != null) {
            node.put("copy_of", p.copyOf());
        }
    }

    private static void write(ObjectNode node, String key, Position.Mark mark) {
        if (mark != null) {
            node.putObject(key)
                    .put("at", mark.offset())
                    .put("trail", mark.trail().hex());
        }
    }

    private Position position(JsonNode node) {
        long offset = node.path("offset").asLong(-1);
        long lines = node.path("lines").asLong(-1);
        int partition = node.path("partition").asInt(-1);
        if (!node.path("path").isTextual() || offset < 0 || lines < 0 || partition < 0) {
            throw broken("entry " + node + " has no path, offset, lines and partition", null);
        }
        try {
            Trail trail = Trail.ofHex(node.path("trail").asText());
            Inode inode = node.has("inode") ? Inode.parse(node.path("inode").asText()) : null;
            if (trail.length() > offset) {
                throw broken("entry " + node + " has a trail longer than its offset", null);
            }
            return new Position(
                    Path.of(node.path("path").asText()),
                    offset,
                    lines,
                    partition,
                    node.path("rotated").asBoolean(),
                    node.path("gone").asBoolean(),
                    trail,
                    inode,
                    mark(node.path("mark")),
                    node.path("copy_of").asText(null),
                    mark(node.path("sending")));
        } catch (IllegalArgumentException e) {
            throw broken("entry " + node + " has a wrong trail or inode: " + e.getMessage(), e);
        }
    }

    private static Position.Mark mark(JsonNode node) {
        return node.isMissingNode()
                ? null
                : new Position.Mark(
                        node.path("at").asLong(), Trail.ofHex(node.path("trail").asText()));
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
