package io.granary.ingestion.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.engine.PartReport;
import io.granary.ingestion.sync.row.RowPart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an attempt leaves for the next one: how the rows are cut, and the report of each finished part. Each line is a
 * JSON object in a small file of its own, since not every file system can append; one that is torn counts for nothing,
 * and its part is read again.
 */
final class StagedParts implements PartLog {
    private static final JsonMapper JSON = new JsonMapper();

    private final LineFile out;
    private final Map<String, PartReport> finished = new LinkedHashMap<>();
    private List<RowPart> cut = List.of();

    /**
     * One line.
     *
     * @param parts how the rows are cut, or null
     * @param finished a part that is staged, or null
     */
    record Line(List<RowPart> parts, PartReport finished) {}

    /**
     * Opens the log.
     *
     * @param earlier lines of earlier attempts, in their order
     * @param out where this attempt's lines go
     */
    StagedParts(List<String> earlier, LineFile out) {
        this.out = out;
        for (String text : earlier) {
            line(text).ifPresent(this::take);
        }
    }

    private static Optional<Line> line(String text) {
        try {
            return Optional.of(JSON.readValue(text, Line.class));
        } catch (JsonProcessingException torn) {
            return Optional.empty();
        }
    }

    private void take(Line line) {
        if (line.parts() != null) {
            cut = List.copyOf(line.parts());
            finished.clear();
        }
        if (line.finished() != null) {
            finished.put(line.finished().part().id(), line.finished());
        }
    }

    @Override
    public synchronized List<RowPart> parts() {
        return cut;
    }

    @Override
    public synchronized void parts(List<RowPart> parts) {
        add(new Line(List.copyOf(parts), null));
    }

    @Override
    public synchronized Optional<PartReport> finished(RowPart part) {
        return Optional.ofNullable(finished.get(part.id()));
    }

    @Override
    public synchronized void finish(PartReport report) {
        add(new Line(null, report));
    }

    private void add(Line line) {
        try {
            out.add(JSON.writeValueAsString(line));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a part is plain data", e);
        }
        take(line);
    }

    /** The finished parts. */
    synchronized List<PartReport> reports() {
        return List.copyOf(finished.values());
    }

    /** Keeps a line for good before it returns. */
    @FunctionalInterface
    interface LineFile {
        void add(String line);
    }
}
