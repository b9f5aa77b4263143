package io.granary.cli.retire;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far a subject is on its way out, and all that is needed to go on or back: the content of
 * {@code retired/<subject>/retired.yaml}.
 *
 * @param profile the installation whose stores hold it; null when it was stopped without one
 * @param keepDays days in quarantine before a drop
 * @param manifestHash of the project before the subject left it
 * @param subjectHash of the subject's own part of that manifest
 * @param restHashes of what the other subjects define, see {@link ManifestParts}
 * @param since when each stage was reached
 */
record Retired(
        int retiredVersion,
        String subject,
        Stage stage,
        String profile,
        int keepDays,
        String manifestHash,
        String subjectHash,
        Map<String, String> restHashes,
        Map<Stage, Instant> since,
        Holdings holdings) {

    static final int VERSION = 1;

    Retired {
        restHashes = Collections.unmodifiableMap(new TreeMap<>(restHashes));
        since = Collections.unmodifiableMap(new TreeMap<>(since));
    }

    /** At another stage from {@code now} on. */
    Retired at(Stage next, Instant now) {
        Map<Stage, Instant> reached = new TreeMap<>(since);
        reached.put(next, now);
        return new Retired(
                retiredVersion,
                subject,
                next,
                profile,
                keepDays,
                manifestHash,
                subjectHash,
                restHashes,
                reached,
                holdings);
    }

    /** As it was looked at in the stores of an installation. */
    Retired held(Holdings looked, String installation, int days) {
        return new Retired(
                retiredVersion,
                subject,
                stage,
                installation,
                days,
                manifestHash,
                subjectHash,
                restHashes,
                since,
                looked);
    }

    Optional<Instant> reached(Stage passed) {
        return Optional.ofNullable(since.get(passed));
    }

    /** Whether its tables may be under other names than their own. */
    boolean touchedTables() {
        return since.containsKey(Stage.QUARANTINING);
    }
}
