package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flume.FlumeException;

/** The positions of one source and the file that they are kept in. */
final class SavedPositions {
    private final TailSettings settings;
    private final PositionFile file;
    private final Generations generations;
    private final long agent;
    private final Complaints complaints;
    private Instant savedAt;
    private boolean unsaved = true;
    private Map<String, Position> saved = Map.of();

    private SavedPositions(
            TailSettings settings, PositionFile file, Generations generations, long agent, Complaints complaints) {
        this.settings = settings;
        this.file = file;
        this.generations = generations;
        this.agent = agent;
        this.complaints = complaints;
    }

    /** Makes the folder of the position file. */
    static void makeFolder(TailSettings settings) {
        try {
            Files.createDirectories(settings.positionFile().toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new FlumeException("cannot make the folder of position file " + settings.positionFile(), e);
        }
    }

    /**
     * Reads the saved positions.
     *
     * @param before those of an earlier start of this process, which do not go backwards; or null
     * @throws io.granary.warehouse.error.GranaryException when they are broken
     */
    static SavedPositions load(TailSettings settings, SavedPositions before, Clock clock, Complaints complaints) {
        PositionFile file = new PositionFile(settings.positionFile());
        PositionFile.Saved saved = file.load();
        Map<String, Position> known = before == null ? Map.of() : new LinkedHashMap<>(before.generations.positions());
        Generations generations = new Generations(saved.positions(), settings.partitions());
        generations.keepNewer(known.entrySet());
        long last = Math.max(before == null ? 0 : before.agent, saved.agent());
        return new SavedPositions(settings, file, generations, Math.max(clock.millis(), last + 1), complaints);
    }

    Generations generations() {
        return generations;
    }

    /** Id of this run of the agent: higher than that of every run before. */
    long agent() {
        return agent;
    }

    /**
     * Whether the disk has enough of a generation to know it again when it has been sent up to here: a place behind what
     * logs begin with alike (the heading of a W3C log), or how far it was to be sent.
     */
    boolean tells(String id, long to) {
        Position position = saved.get(id);
        return position != null && (position.isTelling() || position.known().offset() >= to);
    }

    /** Writes changes, if it is time. */
    void saveWhenDue(Instant now) {
        unsaved |= generations.takeChanged();
        if (unsaved && LogTailSource.isDue(savedAt, settings.save(), now)) {
            save(now);
        }
    }

    /** Writes changes, if there are any. */
    void saveChanges(Instant now) {
        savedAt = null;
        saveWhenDue(now);
    }

    /** Writes all positions; that it is impossible is logged. */
    void save(Instant now) {
        try {
            file.save(new PositionFile.Saved(generations.positions(), agent));
            unsaved = false;
            saved = Map.copyOf(generations.positions());
        } catch (IOException e) {
            complaints.say(
                    now,
                    "cannot write position file " + settings.positionFile()
                            + ", an agent that starts now would send lines again: " + e);
        }
        savedAt = now;
    }
}
