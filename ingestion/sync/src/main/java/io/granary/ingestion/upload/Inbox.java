package io.granary.ingestion.upload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.ingestion.file.FileLock;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a source into which people put files. What was taken is moved to {@code done/} or {@code rejected/}, with a
 * report beside it. Only one process works in it at a time.
 */
final class Inbox implements AutoCloseable {
    private static final Duration SETTLED = Duration.ofSeconds(2);
    private static final Pattern DAY = Pattern.compile("(?<!\\d)(\\d{4})-?(\\d{2})-?(\\d{2})(?!\\d)");
    private static final String NOTE = ".upload";

    private final Path folder;
    private final Clock clock;
    private final FileLock lock;

    private Inbox(Path folder, Clock clock, FileLock lock) {
        this.folder = folder;
        this.clock = clock;
        this.lock = lock;
    }

    /**
     * Opens the folder, which is made when it is missing.
     *
     * @throws GranaryException code BUSY when another process works in it
     */
    static Inbox open(Path folder, Clock clock) {
        FileLock lock = FileLock.take(
                folder.resolve(".lock"),
                "another process takes files from " + folder + ". Run it again when that is done.");
        return new Inbox(folder, clock, lock);
    }

    /** Files that are complete: nobody has written to them for two seconds. Sorted by name. */
    List<Path> files() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> isGiven(file.getFileName().toString()))
                    .filter(this::isSettled)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot list " + folder + ": " + e, e);
        }
    }

    private static boolean isGiven(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && Stream.of(".part", ".tmp", NOTE).noneMatch(lower::endsWith);
    }

    private boolean isSettled(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant().plus(SETTLED).isBefore(clock.instant());
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot look at " + file + ": " + e, e);
        }
    }

    /** Who gave a file: its note says so, else who owns it. */
    String by(Path file) {
        try {
            String said = note(file).path("by").asText("");
            return said.isBlank() ? Files.getOwner(file).getName() : said;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot look at " + file + ": " + e, e);
        }
    }

    /** The day a file is for: its note or its name says so. */
    Optional<LocalDate> day(Path file) {
        String said = note(file).path("ds").asText("");
        return said.isEmpty() ? dayIn(file.getFileName().toString()) : dayIn(said);
    }

    /** The one day in a text; nothing when there is none, or several. */
    static Optional<LocalDate> dayIn(String text) {
        List<LocalDate> days = DAY.matcher(text)
                .results()
                .flatMap(m -> day(m).stream())
                .distinct()
                .toList();
        return days.size() == 1 ? Optional.of(days.get(0)) : Optional.empty();
    }

    private static Optional<LocalDate> day(java.util.regex.MatchResult digits) {
        try {
            return Optional.of(LocalDate.of(
                    Integer.parseInt(digits.group(1)),
                    Integer.parseInt(digits.group(2)),
                    Integer.parseInt(digits.group(3))));
        } catch (java.time.DateTimeException e) {
            return Optional.empty();
        }
    }

    /** {@code <file>.upload}, {@code {"by": …, "ds": …}}: what a program knows of the file that it puts here. */
    private static JsonNode note(Path file) {
        Path note = noteOf(file);
        ObjectMapper json = new ObjectMapper();
        try {
            return Files.exists(note) ? json.readTree(note.toFile()) : json.createObjectNode();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.DATA, note + " is no note of an upload: " + e.getMessage(), e);
        }
    }

    private static Path noteOf(Path file) {
        return file.resolveSibling(file.getFileName() + NOTE);
    }

    /** Puts a file aside, with its report. */
    void putAside(Path file, UploadReport report) {
        Path to = folder.resolve(report.isRejected() ? "rejected" : "done");
        String name = report.uploadedAt().toString().replaceAll("[^0-9TZ]", "") + "-"
                + report.sha256().substring(0, 8) + "-" + file.getFileName();
        try {
            Files.createDirectories(to);
            Files.writeString(to.resolve(name + ".report.json"), report.toJson());
            Files.move(file, to.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(noteOf(file));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot move " + file + " to " + to + ": " + e, e);
        }
    }

    @Override
    public void close() {
        lock.close();
    }
}
