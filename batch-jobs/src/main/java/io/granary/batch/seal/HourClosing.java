package io.granary.batch.seal;

import io.granary.batch.seal.CollectionState.Claim;
import io.granary.batch.seal.CollectionState.Host;
import io.granary.batch.seal.CollectionState.Hour;
import io.granary.batch.seal.CollectionState.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides which hours are complete: every known host has reported beyond their end, and all that they said is there.
 * After the deadline an hour is closed with what is missing.
 *
 * @param touched hours in which something landed now
 */
record HourClosing(
        CollectionState before,
        Map<LogFile, FileLedger> ledgers,
        SourceSeal.Expected expected,
        Instant now,
        Set<CollectedHour> touched) {

    /** Lines of a claim that have not landed and are in no earlier claim. */
    private record Unmet(Claim claim, List<LineRange> lines) {}

    /**
     * Closes what can be closed.
     *
     * @param missing lines counted as missing so far; those of closed hours are added, here and to the counts
     */
    CollectionState close(List<MissingLines> missing, Map<LogFile, String> sites, SealCounts counts) {
        List<Unmet> unmet = unmet();
        List<Claim> claims = new ArrayList<>();
        Map<CollectedHour, Hour> hours = new TreeMap<>();
        for (CollectedHour hour : considered(unmet, missing)) {
            List<Unmet> ofHour =
                    unmet.stream().filter(u -> u.claim().hour().equals(hour)).toList();
            List<String> reasons = reasons(hour, ofHour, missing);
            State state = state(hour, reasons);
            hours.put(hour, new Hour(state, reasons));
            if (state != State.INCOMPLETE) {
                ofHour.forEach(u -> claims.add(u.claim()));
                continue;
            }
            for (Unmet open : ofHour) {
                LogFile file = open.claim().file();
                open.lines().forEach(r -> missing.add(new MissingLines(file, sites.get(file), hour, r)));
                counts.add(file, hour, Tally.missing(LineRange.size(open.lines())));
            }
        }
        return new CollectionState(before.hosts(), before.heartbeats(), claims, missing, hours);
    }

    private Set<CollectedHour> considered(List<Unmet> unmet, List<MissingLines> missing) {
        Set<CollectedHour> hours = new TreeSet<>(touched);
        before.hours().forEach((hour, state) -> {
            if (state.state() != State.COMPLETE) {
                hours.add(hour);
            }
        });
        unmet.forEach(u -> hours.add(u.claim().hour()));
        missing.forEach(m -> hours.add(m.hour()));
        before.missing().forEach(m -> hours.add(m.hour()));
        return hours;
    }

    private State state(CollectedHour hour, List<String> reasons) {
        if (now.isBefore(hour.end())) {
            return State.OPEN;
        }
        if (reasons.isEmpty() && (!hosts().isEmpty() || expected.isOver(hour, now))) {
            return State.COMPLETE;
        }
        return expected.isOver(hour, now) ? State.INCOMPLETE : State.OPEN;
    }

    private List<String> reasons(CollectedHour hour, List<Unmet> unmet, List<MissingLines> missing) {
        List<String> reasons = new ArrayList<>();
        for (String name : hosts()) {
            Host host = before.hosts().get(name);
            if (host == null) {
                reasons.add("host " + name + " has never reported");
            } else if (!host.reportedBy(hour.end())) {
                reasons.add("host " + name + " is silent since " + host.at());
            }
        }
        unmet.forEach(u -> reasons.add(words(u)));
        missing.stream().filter(m -> m.hour().equals(hour)).forEach(m -> reasons.add(m + " have not landed"));
        return reasons;
    }

    private Set<String> hosts() {
        return new TreeSet<>(expected.hosts().isEmpty() ? before.hosts().keySet() : expected.hosts());
    }

    private String words(Unmet unmet) {
        Claim claim = unmet.claim();
        FileLedger ledger = ledgers.get(claim.file());
        LineRange first = unmet.lines().get(0);
        return "host %s, file %s: landed up to byte %d of %d, lines %d to %d are missing (%d in all)"
                .formatted(
                        claim.file().host(),
                        claim.file().file(),
                        ledger.landedEnd(first.first()),
                        claim.end(),
                        first.first(),
                        first.last(),
                        LineRange.size(unmet.lines()));
    }

    private List<Unmet> unmet() {
        List<Unmet> unmet = new ArrayList<>();
        Map<LogFile, List<LineRange>> earlier = new HashMap<>();
        before.claims().stream()
                .sorted(Comparator.comparing(Claim::hour).thenComparing(Claim::lines))
                .forEach(claim -> {
                    List<LineRange> seen = earlier.computeIfAbsent(claim.file(), f -> new ArrayList<>());
                    List<LineRange> lines =
                            LineRange.minus(ledgers.get(claim.file()).outstanding(claim.lines()), seen);
                    if (!lines.isEmpty()) {
                        unmet.add(new Unmet(claim, lines));
                        seen.addAll(lines);
                    }
                });
        return unmet;
    }
}
