package io.granary.simulator;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;

/**
 * Which day the simulated site lives next. A day is taken before its first line is written, so one that was broken off
 * never comes again under the same date.
 */
public final class Calendar {
    /** The site's first day. */
    public static final LocalDate FIRST = LocalDate.parse("2026-11-01");

    private final Path file;

    public Calendar(Path file) {
        this.file = file;
    }

    /** The next day; it is taken. */
    public LocalDate take() {
        try {
            Files.createDirectories(file.getParent());
            LocalDate day =
                    Files.exists(file) ? LocalDate.parse(Files.readString(file).strip()) : FIRST;
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(part, day.plusDays(1) + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return day;
        } catch (DateTimeParseException e) {
            throw new GranaryException(
                    ErrorCode.DATA, file + " should hold the site's next day as yyyy-MM-dd, but: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot keep the site's calendar in " + file + ": " + e, e);
        }
    }
}
