package io.granary.cli.retire;

import io.granary.cli.retire.Holdings.HeldTable;
import io.granary.cli.retire.Holdings.ShareTable;
import io.granary.tablestore.QuarantinedTables.State;
import io.granary.tablestore.TableFootprint;
import io.granary.tablestore.TableName;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a subject out, stage by stage. Each step looks first whether it was taken, so that a retirement that was killed
 * goes on when it is called again.
 */
record WayOut(Context context) {
    /** A stream that counted this lately runs still. */
    private static final Duration LATELY = Duration.ofMinutes(2);

    /** Before anything is changed: what leaves, and that the rest does without it. */
    Retired plan(Manifest manifest, int keepDays) {
        String subject = context.subject();
        ManifestParts before = new ManifestParts(manifest, subject);
        Map<String, String> rest = before.restHashes();
        Manifest without = context.rehearse(false);
        if (!new ManifestParts(without, subject).restHashes().equals(rest)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "without " + subject + " the other subjects compile to something else. Nothing was changed. See"
                            + " `granary retire " + subject + " --plan` and the SQL of its readers.");
        }
        context.journal()
                .say("the rest compiles without it: " + without.models().size() + " models, every hash as before");
        return new Retired(
                Retired.VERSION,
                subject,
                Stage.STOPPING,
                null,
                keepDays,
                manifest.hash(),
                before.ownHash(),
                rest,
                Map.of(),
                new Belongings(manifest, subject).holdings());
    }

    /** Nothing of it is compiled, built, counted or served any more. */
    Retired stop(Retired planned, Proof proof) {
        Retired stopping = context.note(planned, Stage.STOPPING);
        SubjectFolder folder = context.folder();
        if (folder.isHere()) {
            folder.leave();
            context.journal().changed();
            context.journal()
                    .say("moved subjects/" + context.subject() + " to "
                            + folder.project().relativize(folder.away()));
        }
        Manifest after = context.compile();
        context.journal().changed();
        context.restart(stopping.holdings().components(), context.clock().instant());
        definitions(stopping, after, proof);
        return context.note(stopping, Stage.STOPPED);
    }

    private void definitions(Retired retired, Manifest after, Proof proof) {
        Map<String, String> now = new ManifestParts(after, context.subject()).restHashes();
        String models = ManifestParts.MODELS;
        String rest = ManifestParts.REST;
        proof.hashes(
                models,
                String.valueOf(after.models().size()),
                retired.restHashes().get(models),
                now.get(models));
        int others = after.sources().size()
                + after.counters().size()
                + after.exports().size()
                + after.reports().size()
                + after.metrics().size()
                + after.seeds().size();
        proof.hashes(rest, String.valueOf(others), retired.restHashes().get(rest), now.get(rest));
    }

    /** Its tables are out of sight. */
    Retired quarantine(Retired stopped, int keepDays, Stores stores) {
        stores.refuseConflicts();
        List<HeldTable> looked = new ArrayList<>();
        for (HeldTable table : stopped.holdings().tables()) {
            looked.add(table.digest() == null ? looked(table, stores) : table);
        }
        Retired held = context.note(
                stopped.held(
                        stopped.holdings().withTables(looked),
                        context.profile().get().name(),
                        keepDays),
                Stage.QUARANTINING);
        looked.forEach(table -> quarantine(table, stores));
        for (ShareTable table : held.holdings().shareTables()) {
            if (stores.share().quarantine(table)) {
                context.journal().changed();
                context.journal().say("share table " + table.from() + " -> " + table.to());
            }
        }
        // a build that began before may have made one again
        stores.refuseConflicts();
        return context.note(held, Stage.QUARANTINED);
    }

    private static HeldTable looked(HeldTable table, Stores stores) {
        TableName name = TableName.parse(table.from());
        State state = stores.tables().state(name);
        Optional<TableFootprint> found = state == State.FOREIGN
                ? Optional.empty()
                : stores.tables().footprint(state == State.QUARANTINED ? TableName.parse(table.to()) : name);
        return found.map(f ->
                        new HeldTable(table.from(), table.to(), f.partitions().size(), f.digest()))
                .orElse(table);
    }

    private void quarantine(HeldTable table, Stores stores) {
        TableName name = TableName.parse(table.from());
        State state = stores.tables().state(name);
        if (state == State.PUBLISHED) {
            stores.tables().quarantine(name);
            context.journal().changed();
            context.journal()
                    .say(table.from() + " -> " + table.to()
                            + (table.partitions() == 0 ? "" : " (" + partitions(table.partitions()) + ")"));
        } else if (state == State.FOREIGN) {
            context.journal().say(table.from() + " was not made by Granary and stays as it is");
        }
    }

    /** For good. */
    Retired drop(Retired quarantined, Stores stores) {
        Holdings holdings = quarantined.holdings();
        refuseWhatIsInUse(quarantined, stores);
        Retired dropping = context.note(quarantined, Stage.DROPPING);
        context.restart(
                holdings.components(),
                quarantined.reached(Stage.STOPPING).orElse(context.clock().instant()));
        for (ShareTable table : holdings.shareTables()) {
            stores.share().drop(table);
            context.journal().changed();
            context.journal().say("dropped share table " + table.to());
        }
        holdings.tables().forEach(table -> drop(table, stores));
        for (String folder : folders(holdings)) {
            stores.folders().bytes(folder).ifPresent(bytes -> {
                stores.folders().delete(folder);
                context.journal().changed();
                context.journal().say("deleted " + folder + " (" + size(bytes) + ")");
            });
        }
        if (stores.keys() != null) {
            long keys = stores.keys().delete();
            context.journal().changed();
            context.journal().say("deleted " + keys + " keys in Redis");
        }
        Retired dropped = context.note(dropping, Stage.DROPPED);
        left(holdings);
        return dropped;
    }

    /** Those that were noted, and the checkpoints where this profile has them. */
    private Set<String> folders(Holdings holdings) {
        Set<String> folders = new LinkedHashSet<>(holdings.folders());
        String checkpoints = context.profile().get().streaming().checkpoint();
        holdings.queries().forEach(query -> folders.add(checkpoints + "/" + query));
        return folders;
    }

    private void drop(HeldTable table, Stores stores) {
        TableName name = TableName.parse(table.from());
        if (stores.tables().state(name) == State.FOREIGN) {
            return;
        }
        long bytes = stores.tables().bytes(name);
        stores.tables().drop(name);
        context.journal().changed();
        if (table.partitions() != null) {
            context.journal().say("dropped " + table.to() + " (" + size(bytes) + ")");
        }
    }

    /** The folder of a table, and the keys of a stream, may be somebody's again. */
    private void refuseWhatIsInUse(Retired retired, Stores stores) {
        Set<State> taken = Set.of(State.PUBLISHED, State.BOTH);
        for (HeldTable table : retired.holdings().tables()) {
            if (taken.contains(stores.tables().state(TableName.parse(table.from())))) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "there is a table " + table.from() + " again, and its files would be deleted with those of "
                                + table.to() + ". Nothing was changed. Rename or drop it first.");
            }
        }
        if (context.platform().isLocal() || stores.keys() == null) {
            return;
        }
        for (String query : retired.holdings().queries()) {
            Optional<Instant> counted = stores.keys().countedAt(query);
            if (counted.filter(at -> at.isAfter(context.clock().instant().minus(LATELY)))
                    .isPresent()) {
                throw new GranaryException(
                        ErrorCode.BUSY,
                        "the stream " + query + " was counted at " + counted.get()
                                + ": the streaming job still runs with the old manifest. Nothing was changed. Start it"
                                + " again, wait " + LATELY.toMinutes() + " minutes, then call this again.");
            }
        }
    }

    private void left(Holdings holdings) {
        for (String topic : holdings.topics()) {
            context.journal()
                    .say("left: topic " + topic + ", which its retention empties. To delete it: kafka-topics.sh"
                            + " --bootstrap-server " + kafka() + " --delete --topic " + topic);
        }
        if (!holdings.topics().isEmpty()) {
            context.journal()
                    .say("left: what was noted about its lines in ods.granary_log_account and"
                            + " ods.granary_quarantine, which all subjects share");
        }
    }

    private String kafka() {
        try {
            return context.profile().get().kafka();
        } catch (GranaryException e) {
            return "HOST:PORT";
        }
    }

    static String partitions(int number) {
        return number + (number == 1 ? " partition" : " partitions");
    }

    private static String size(long bytes) {
        return bytes < 1024 ? bytes + " B" : bytes < 1 << 20 ? bytes / 1024 + " KB" : bytes / (1 << 20) + " MB";
    }
}
