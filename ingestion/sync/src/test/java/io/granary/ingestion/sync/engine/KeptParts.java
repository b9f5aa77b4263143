package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.row.RowPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A log in memory; and which parts the last attempt read or kept. */
class KeptParts implements PartLog, Progress {
    final List<String> read = new ArrayList<>();
    final List<String> kept = new ArrayList<>();
    private final Map<RowPart, PartReport> finished = new ConcurrentHashMap<>();
    private List<RowPart> parts = List.of();

    @Override
    public List<RowPart> parts() {
        read.clear();
        kept.clear();
        return parts;
    }

    @Override
    public void parts(List<RowPart> cut) {
        parts = cut;
    }

    @Override
    public Optional<PartReport> finished(RowPart part) {
        return Optional.ofNullable(finished.get(part));
    }

    @Override
    public void finish(PartReport report) {
        finished.put(report.part(), report);
    }

    @Override
    public synchronized void finished(RowPart part, boolean isKept) {
        (isKept ? kept : read).add(part.id());
    }

    int count() {
        return finished.size();
    }
}
