package io.granary.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A process that was started and not yet stopped by us: the content of {@code run/<component>.json}.
 *
 * @param birth see {@link Proc#birth}; tells the process from a later one of the same number
 */
record Started(Component component, long pid, String birth, Instant at, List<String> command) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Path file(Home home, Component component) {
        return home.run().resolve(component.id() + ".json");
    }

    static Optional<Started> read(Home home, Component component) {
        Path file = file(home, component);
        try {
            var node = JSON.readTree(Files.readString(file));
            List<String> command = new java.util.ArrayList<>();
            node.required("command").forEach(word -> command.add(word.asText()));
            return Optional.of(new Started(
                    component,
                    node.required("pid").longValue(),
                    node.required("birth").asText(),
                    Instant.parse(node.required("started_at").asText()),
                    List.copyOf(command)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new GranaryException(
                    ErrorCode.INTERNAL,
                    file + " is not readable: " + e.getMessage() + ". Look for the process of " + component
                            + " by hand (`ps -ef`), end it, and remove the file.",
                    e);
        }
    }

    void write(Home home) {
        ObjectNode node = JSON.createObjectNode()
                .put("component", component.id())
                .put("pid", pid)
                .put("started_at", at.toString())
                .put("birth", birth);
        ArrayNode words = node.putArray("command");
        command.forEach(words::add);
        Path file = file(home, component);
        try {
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(part, node.toPrettyString() + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }

    /** Whether it writes an archive of its classes when it ends. */
    boolean recordsClasses() {
        return command.stream().anyMatch(word -> word.startsWith("-XX:ArchiveClassesAtExit="));
    }

    boolean isAlive() {
        return Proc.birth(pid).filter(birth::equals).isPresent();
    }
}
