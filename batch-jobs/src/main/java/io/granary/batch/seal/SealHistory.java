package io.granary.batch.seal;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All seals of a source, oldest first.
 *
 * @param taken by path, how far each landing file was read
 * @param hours the state of every hour that a seal has looked at
 * @param collection after the newest seal that is done
 */
record SealHistory(
        List<SealRecord> records,
        Map<String, Long> taken,
        Map<CollectedHour, CollectionState.Hour> hours,
        CollectionState collection) {

    static SealHistory of(List<SealRecord> unordered) {
        List<SealRecord> records = unordered.stream()
                .sorted(Comparator.comparingLong(SealRecord::number).thenComparing(SealRecord::runId))
                .toList();
        Map<String, Long> taken = new HashMap<>();
        Map<CollectedHour, CollectionState.Hour> hours = new TreeMap<>();
        CollectionState collection = CollectionState.EMPTY;
        for (SealRecord record : records) {
            record.files().forEach(f -> taken.merge(f.path(), f.to(), Math::max));
            if (record.state() == SealRecord.State.DONE && record.after() != null) {
                collection = record.after();
                hours.putAll(collection.hours());
            }
        }
        return new SealHistory(records, taken, hours, collection);
    }

    List<SealRecord> unfinished() {
        return records.stream()
                .filter(r -> r.state() == SealRecord.State.PLANNED)
                .toList();
    }

    boolean hasFinished() {
        return records.stream().anyMatch(r -> r.state() == SealRecord.State.DONE);
    }

    long nextNumber() {
        return records.stream().mapToLong(SealRecord::number).max().orElse(0) + 1;
    }
}
