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
 * Which day the simulated site lives next: one of the last days before today, since real time counts no event of a
 * time to come and none of long ago. A day is taken before its first line is written, so one that was broken off never
 * comes again under the same date.
 */
public final class Calendar {
    /** Minutes of counters live for 8 days: those of the first day for one more after it was lived. */
    private static final int DAYS = 6;

    private final Path file;

    public Calendar(Path file) {
        this.file = file;
    }

    /** The day that a new site lives first. */
    public static LocalDate first(LocalDate today) {
        return today.minusDays(DAYS);
    }

    /**
     * The day after the site's last, or {@link #first} where that is later; it is taken.
     *
     * @param today of UTC, as the site's days are
     * @throws GranaryException when the site has lived every day before today
     */
    public LocalDate take(LocalDate today) {
        LocalDate next = next();
        LocalDate day = next.isBefore(first(today)) ? first(today) : next;
        if (!day.isBefore(today)) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "the site of " + file + " has lived every day up to " + day.minusDays(1)
                            + ", and counters take no event of a time to come. Run it again tomorrow (UTC), or now as"
                            + " a new one: granary demo --home ANOTHER_FOLDER");
        }
        keep(day.plusDays(1));
        return day;
    }

    /**
     * Takes a day that somebody chose.
     *
     * @throws GranaryException when it is not after the site's last
     */
    public LocalDate take(LocalDate day, LocalDate today) {
        LocalDate next = next();
        if (day.isBefore(next) || !day.isBefore(today)) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "the site of " + file + " cannot live " + day + ": its next day is "
                            + (next.equals(LocalDate.MIN) ? "any" : next + " or later")
                            + ", and before today (" + today + ", UTC)");
        }
        keep(day.plusDays(1));
        return day;
    }

    private LocalDate next() {
        try {
            return Files.exists(file) ? LocalDate.parse(Files.readString(file).strip()) : LocalDate.MIN;
        } catch (DateTimeParseException e) {
            throw new GranaryException(
                    ErrorCode.DATA, file + " should hold the site's next day as yyyy-MM-dd, but: " + e.getMessage(), e);
        } catch (IOException e) {
            throw unkept(e);
        }
    }

    private void keep(LocalDate next) {
        try {
            Files.createDirectories(file.getParent());
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(part, next + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unkept(e);
        }
    }

    private GranaryException unkept(IOException e) {
        return new GranaryException(ErrorCode.RESOURCES, "cannot keep the site's calendar in " + file + ": " + e, e);
    }
}
