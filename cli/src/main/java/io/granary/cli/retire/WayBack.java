package io.granary.cli.retire;

import io.granary.cli.retire.Holdings.HeldTable;
import io.granary.cli.retire.Holdings.ShareTable;
import io.granary.tablestore.QuarantinedTables.State;
import io.granary.tablestore.TableFootprint;
import io.granary.tablestore.TableName;
import io.granary.warehouse.manifest.Manifest;
import java.util.Map;

/** Brings a subject back from quarantine, or from where it was only stopped, exactly as it was. */
record WayBack(Context context) {

    /** That the project will compile with it. */
    void rehearse() {
        Manifest with = context.rehearse(true);
        context.journal().say("the project compiles with it: " + with.models().size() + " models");
    }

    /** Tables first: the definition comes back to tables that are there. */
    Retired restore(Retired retired, Stores stores, Proof proof) {
        stores.refuseConflicts();
        Retired undoing = context.note(retired, Stage.UNDOING);
        for (ShareTable table : retired.holdings().shareTables()) {
            if (stores.share().restore(table)) {
                context.journal().changed();
                context.journal().say("share table " + table.to() + " -> " + table.from());
            }
        }
        for (HeldTable table : retired.holdings().tables()) {
            restore(table, stores, proof);
        }
        return undoing;
    }

    private void restore(HeldTable table, Stores stores, Proof proof) {
        TableName name = TableName.parse(table.from());
        if (stores.tables().state(name) == State.QUARANTINED) {
            stores.tables().restore(name);
            context.journal().changed();
            context.journal().say(table.to() + " -> " + table.from());
        }
        if (table.digest() != null) {
            String now =
                    stores.tables().footprint(name).map(TableFootprint::digest).orElse("none");
            proof.hashes(table.from(), WayOut.partitions(table.partitions()), table.digest(), now);
        }
    }

    /** The definition comes back, and who works by it is told. */
    void start(Retired retired, Map<String, String> rest, Proof proof) {
        Retired undoing = retired.stage() == Stage.UNDOING ? retired : context.note(retired, Stage.UNDOING);
        SubjectFolder folder = context.folder();
        if (!folder.isHere()) {
            folder.comeBack();
            context.journal().changed();
            context.journal().say("moved " + folder.project().relativize(folder.away()) + " back to subjects/");
        }
        Manifest after = context.compile();
        context.journal().changed();
        context.restart(undoing.holdings().components(), context.clock().instant());
        ManifestParts parts = new ManifestParts(after, context.subject());
        proof.hashes("its own definitions", context.subject(), undoing.subjectHash(), parts.ownHash());
        rest.forEach(
                (what, hash) -> proof.hashes(what, "", hash, parts.restHashes().get(what)));
        boolean othersAsThen = undoing.restHashes().equals(parts.restHashes());
        if (othersAsThen) {
            proof.hashes("manifest", "", undoing.manifestHash(), after.hash());
        } else {
            proof.add(
                    "manifest",
                    "",
                    undoing.manifestHash()
                            .substring(0, Math.min(12, undoing.manifestHash().length())),
                    after.hash().substring(0, Math.min(12, after.hash().length())),
                    "other subjects were changed while it was away",
                    true);
        }
        if (proof.holds()) {
            folder.forget();
        }
    }
}
