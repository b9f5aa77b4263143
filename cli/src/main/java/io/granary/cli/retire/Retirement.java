package io.granary.cli.retire;

import io.granary.cli.project.Catalog;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The order of the stages: what {@code --apply} and {@code --undo} do from wherever a subject stands. */
record Retirement(Context context) {
    private static final int KEEP_DAYS = 30;

    /**
     * How far to go.
     *
     * @param stopOnly leave the tables as they are
     * @param keepDays in quarantine before a drop; null is what was said before, or {@value #KEEP_DAYS}
     * @param now go on to the drop without waiting
     */
    record Wish(boolean stopOnly, Integer keepDays, boolean now) {}

    /**
     * What came of it.
     *
     * @param readers not empty: nothing was changed because of them
     */
    record Outcome(Stage stage, Proof proof, List<Reader> readers) {
        boolean isGood() {
            return proof.holds() && readers.isEmpty();
        }
    }

    Outcome apply(Wish wish) {
        Optional<Retired> record = context.folder().record().read();
        refuseTwo(record);
        if (context.folder().isHere()) {
            return begin(record, wish);
        }
        Retired retired = record.orElseThrow(this::unknown);
        return switch (retired.stage()) {
            case STOPPING, STOPPED, QUARANTINING -> onward(retired, wish);
            case UNDOING -> onward(retired, wish);
            case QUARANTINED -> drop(retired, wish);
            case DROPPING -> drop(retired, new Wish(false, wish.keepDays(), true));
            case DROPPED -> {
                context.journal()
                        .say("was dropped at " + retired.reached(Stage.DROPPED).orElseThrow()
                                + "; there is nothing left to do. Its definition is in "
                                + context.folder().retired());
                yield new Outcome(Stage.DROPPED, new Proof(), List.of());
            }
        };
    }

    private Outcome begin(Optional<Retired> earlier, Wish wish) {
        Manifest manifest = context.compile();
        List<Reader> readers =
                new Readers(new Catalog(manifest), context.folder().project()).of(context.subject());
        if (!readers.isEmpty()) {
            return new Outcome(null, new Proof(), readers);
        }
        context.journal().say("nobody outside it reads it");
        Retired planned = new WayOut(context).plan(manifest, days(wish, KEEP_DAYS));
        if (!wish.stopOnly()) {
            // before the first change: that the stores answer and have room for it
            try (Stores stores = context.stores(planned)) {
                stores.refuseConflicts();
            }
        }
        earlier.filter(r -> r.stage() == Stage.DROPPED)
                .ifPresent(r -> context.folder()
                        .setAside(r.reached(Stage.DROPPED)
                                .orElseThrow()
                                .toString()
                                .replaceAll("[-:]", "")));
        return onward(planned, wish);
    }

    private Outcome onward(Retired from, Wish wish) {
        Proof proof = new Proof();
        if (wish.stopOnly()) {
            return new Outcome(new WayOut(context).stop(from, proof).stage(), proof, List.of());
        }
        try (Stores stores = context.stores(from)) {
            stores.refuseConflicts();
            Surroundings before = stores.surroundings();
            boolean isStopped = from.stage() == Stage.STOPPED || from.stage() == Stage.QUARANTINING;
            Retired stopped = isStopped ? from : new WayOut(context).stop(from, proof);
            Retired quarantined = new WayOut(context).quarantine(stopped, days(wish, from.keepDays()), stores);
            if (!wish.now()) {
                before.compare(stores.surroundings(), proof);
                return new Outcome(quarantined.stage(), proof, List.of());
            }
            return drop(quarantined, stores, before, proof);
        }
    }

    private Outcome drop(Retired quarantined, Wish wish) {
        Instant due = quarantined
                .reached(Stage.QUARANTINED)
                .orElse(Instant.EPOCH)
                .plus(Duration.ofDays(days(wish, quarantined.keepDays())));
        Duration left = Duration.between(context.clock().instant(), due);
        if (!wish.now() && !left.isNegative() && !left.isZero()) {
            context.journal()
                    .say("is in quarantine since "
                            + quarantined.reached(Stage.QUARANTINED).orElseThrow() + "; it can be dropped from " + due
                            + " on, in " + left.toDays() + " days " + left.toHoursPart()
                            + " hours. Nothing was changed.");
            return new Outcome(Stage.QUARANTINED, new Proof(), List.of());
        }
        try (Stores stores = context.stores(quarantined)) {
            return drop(quarantined, stores, stores.surroundings(), new Proof());
        }
    }

    private Outcome drop(Retired quarantined, Stores stores, Surroundings before, Proof proof) {
        Surroundings withKeys = stores.keys() == null
                ? before
                : new Surroundings(
                        before.tables(), before.shareTables(), stores.keys().lastingOthers());
        Retired dropped = new WayOut(context).drop(quarantined, stores);
        Surroundings after = stores.surroundings();
        withKeys.compare(
                stores.keys() == null
                        ? after
                        : new Surroundings(
                                after.tables(),
                                after.shareTables(),
                                stores.keys().others()),
                proof);
        return new Outcome(dropped.stage(), proof, List.of());
    }

    Outcome undo() {
        Retired retired = context.folder().record().read().orElseThrow(this::notRetired);
        if (retired.stage().isBeyondUndo()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    context.subject() + " was dropped"
                            + retired.reached(Stage.DROPPED)
                                    .map(at -> " at " + at)
                                    .orElse(" in part")
                            + ": its data is deleted and cannot be brought back. Its definition can: move "
                            + context.folder().away() + " to "
                            + context.folder().here().getParent()
                            + ", then `granary compile` and `granary backfill`.");
        }
        refuseTwo(Optional.empty());
        Manifest before = context.compile();
        Map<String, String> rest = new ManifestParts(before, context.subject()).restHashes();
        WayBack back = new WayBack(context);
        back.rehearse();
        Proof proof = new Proof();
        if (!retired.touchedTables()) {
            back.start(retired, rest, proof);
            return new Outcome(Stage.UNDOING, proof, List.of());
        }
        try (Stores stores = context.stores(retired)) {
            Surroundings others = stores.surroundings();
            Retired undoing = back.restore(retired, stores, proof);
            others.compare(stores.surroundings(), proof);
            back.start(undoing, rest, proof);
        }
        return new Outcome(Stage.UNDOING, proof, List.of());
    }

    private static int days(Wish wish, int otherwise) {
        return wish.keepDays() == null ? otherwise : wish.keepDays();
    }

    /** A definition in both places, or in the project while its tables are in quarantine, is for a person to sort out. */
    private void refuseTwo(Optional<Retired> record) {
        SubjectFolder folder = context.folder();
        boolean dropped = record.filter(r -> r.stage() == Stage.DROPPED).isPresent();
        if (folder.isHere() && folder.isAway() && !dropped) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "there is " + folder.here() + " and, retired, " + folder.away()
                            + ". Nothing was changed. Move one of them away: the one in retired/ is the one whose tables"
                            + " are in quarantine.");
        }
        boolean away = record.filter(r ->
                        r.stage() == Stage.STOPPED || r.stage() == Stage.QUARANTINING || r.stage() == Stage.QUARANTINED)
                .isPresent();
        if (folder.isHere() && away) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    folder.here() + " was put back by hand. Nothing was changed. Run `granary retire "
                            + context.subject() + " --undo` to bring its tables back too.");
        }
    }

    private GranaryException notRetired() {
        return new GranaryException(
                ErrorCode.NOT_FOUND,
                context.subject() + " is not retired: there is no "
                        + context.folder().record().file() + ".");
    }

    private GranaryException unknown() {
        return new GranaryException(
                ErrorCode.NOT_FOUND,
                "there is no subject '" + context.subject() + "' in "
                        + context.folder().project()
                        + ", and none of that name is retired. `granary ls` lists what there is.");
    }
}
