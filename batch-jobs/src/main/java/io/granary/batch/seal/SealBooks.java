package io.granary.batch.seal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one seal knows before it looks at a line: the books of each file, and what agents have reported. */
final class SealBooks {
    private final SealRecord record;
    private final List<Island> islands;
    private final Map<LogFile, FileLedger> ledgers;
    private final Map<LogFile, List<Interval>> known;
    private final SourceSeal.Expected expected;

    private SealBooks(
            SealRecord record,
            List<Island> islands,
            Map<LogFile, FileLedger> ledgers,
            Map<LogFile, List<Interval>> known,
            SourceSeal.Expected expected) {
        this.record = record;
        this.known = known;
        this.islands = islands;
        this.ledgers = ledgers;
        this.expected = expected;
    }

    static SealBooks open(
            SealRecord record, List<Island> islands, SealedIntervals sealed, SourceSeal.Expected expected) {
        CollectionState before = before(record);
        Set<LogFile> files = new TreeSet<>();
        islands.forEach(i -> files.add(i.file()));
        before.claims().forEach(c -> files.add(c.file()));
        before.missing().forEach(m -> files.add(m.file()));
        Map<LogFile, List<Interval>> known = sealed.of(files, record.runId());
        Map<LogFile, FileLedger> ledgers = new TreeMap<>();
        for (LogFile file : files) {
            ledgers.put(
                    file,
                    new FileLedger(
                            file,
                            known.getOrDefault(file, List.of()),
                            islands.stream().filter(i -> i.file().equals(file)).toList(),
                            before.missing().stream()
                                    .filter(m -> m.file().equals(file))
                                    .toList()));
        }
        return new SealBooks(record, islands, ledgers, known, expected);
    }

    private static CollectionState before(SealRecord record) {
        return record.before() == null ? CollectionState.EMPTY : record.before();
    }

    List<Island> islands() {
        return islands;
    }

    boolean hasOverlaps() {
        return ledgers.values().stream().anyMatch(FileLedger::hasOverlaps);
    }

    /** Whether these are all the lines that the headers tell of. */
    boolean isCoveredBy(SealCounts lines) {
        SealCounts both = new SealCounts();
        addHeaders(both);
        both.add(lines);
        return both.isBalanced();
    }

    private void addHeaders(SealCounts counts) {
        for (Island island : islands) {
            counts.add(island.file(), island.hour(), Tally.read(island.lines()));
            counts.add(island.file(), island.hour(), Tally.lost(island.lost()));
        }
    }

    boolean hasOversize() {
        return islands.stream().anyMatch(i -> i.oversize() > 0);
    }

    /** By file, the intervals sealed before that something landed meets. */
    Map<LogFile, List<Interval>> met() {
        Map<LogFile, List<Interval>> met = new LinkedHashMap<>();
        ledgers.forEach((file, ledger) -> {
            if (!ledger.met().isEmpty()) {
                met.put(file, ledger.met());
            }
        });
        return met;
    }

    /**
     * By file, the intervals after this seal, where something is new.
     *
     * @param all also where nothing is new
     */
    Map<LogFile, List<Interval>> sealed(boolean all) {
        Map<LogFile, List<Interval>> sealed = new LinkedHashMap<>(all ? known : Map.of());
        ledgers.forEach((file, ledger) -> {
            List<Interval> after = ledger.sealed(record.runId());
            if (!after.equals(ledger.known())) {
                sealed.put(file, after);
            }
        });
        return sealed;
    }

    /** The site of each file that something landed of. */
    Map<LogFile, String> sites() {
        Map<LogFile, String> sites = new HashMap<>();
        before(record).missing().forEach(m -> sites.put(m.file(), m.site()));
        islands.forEach(i -> sites.put(i.file(), i.site()));
        return sites;
    }

    /**
     * Adds what the headers say to the account, and closes the hours that can be closed.
     *
     * @return what is known about the collection after this seal
     */
    CollectionState close(SealCounts counts) {
        addHeaders(counts);
        List<MissingLines> missing = new ArrayList<>();
        ledgers.forEach((file, ledger) -> {
            ledger.missingChange().forEach((hour, lines) -> counts.add(file, hour, Tally.missing(lines)));
            missing.addAll(ledger.missingAfter());
        });
        HourClosing closing =
                new HourClosing(before(record), ledgers, expected, record.plannedAt(), new LinkedHashSet<>(hours()));
        return closing.close(missing, sites(), counts);
    }

    private List<CollectedHour> hours() {
        return islands.stream().map(Island::hour).distinct().toList();
    }
}
