package io.granary.warehouse.config;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The state folder of one installation and the places in it (docs/contracts.md, section 2). */
public record Home(Path root) {
    /** Version of the folder's layout. A folder of another version is refused. */
    public static final String LAYOUT_VERSION = "1";

    public Home {
        root = root.toAbsolutePath().normalize();
    }

    public Path cluster() {
        return root.resolve("cluster.json");
    }

    public Path profile() {
        return root.resolve("profile.yaml");
    }

    public Path secrets() {
        return root.resolve("secrets");
    }

    public Path run() {
        return root.resolve("run");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path log(String component) {
        return logs().resolve(component + ".log");
    }

    public Path data(String component) {
        return root.resolve("data").resolve(component);
    }

    public Path inbox() {
        return root.resolve("inbox");
    }

    public Path demo() {
        return root.resolve("demo");
    }

    /** File of the rows that a job left out: one JSON object a row, with the reason. */
    public Path dirtyRows(String job) {
        return root.resolve("dirty").resolve(job + ".jsonl");
    }

    public Path target() {
        return root.resolve("target");
    }

    public Path manifest() {
        return target().resolve("manifest.json");
    }

    public Path runResults() {
        return target().resolve("run-results.json");
    }

    public Path workflowResults() {
        return target().resolve("workflow-results.json");
    }

    /**
     * Makes the folder when it is missing.
     *
     * @throws GranaryException when it belongs to another layout version, holds something else, or cannot be written
     */
    public void prepare() {
        Path version = root.resolve("VERSION");
        try {
            if (Files.exists(version)) {
                String found = Files.readString(version).strip();
                if (!found.equals(LAYOUT_VERSION)) {
                    throw new GranaryException(
                            ErrorCode.USAGE,
                            "state folder " + root + " has layout version " + found + ", this Granary needs version "
                                    + LAYOUT_VERSION
                                    + ". Use another --home, or move this folder away to start empty.");
                }
                return;
            }
            if (Files.isDirectory(root)) {
                try (Stream<Path> entries = Files.list(root)) {
                    if (entries.findAny().isPresent()) {
                        throw new GranaryException(
                                ErrorCode.USAGE,
                                "folder " + root
                                        + " is not empty and is no Granary state folder (no VERSION file in it)."
                                        + " Name another one with --home.");
                    }
                }
            }
            Files.createDirectories(root);
            Files.writeString(version, LAYOUT_VERSION + "\n");
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.RESOURCES,
                    "cannot write state folder " + root + ": " + e + ". Name a writable folder with --home.",
                    e);
        }
    }
}
