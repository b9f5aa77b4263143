package io.granary.cli.retire;

import io.granary.cli.retire.Holdings.HeldTable;
import io.granary.tablestore.QuarantinedTables;
import io.granary.tablestore.QuarantinedTables.State;
import io.granary.tablestore.StoreFolders;
import io.granary.tablestore.TableName;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The stores of an installation in which a subject has something, all open: whoever has them knows that they answer. */
final class Stores implements AutoCloseable {
    private final Holdings holdings;
    private final QuarantinedTables tables;
    private final List<AutoCloseable> open = new ArrayList<>();
    private ShareTables share;
    private StoreFolders folders;
    private RealTimeKeys keys;

    private Stores(Holdings holdings, QuarantinedTables tables) {
        this.holdings = holdings;
        this.tables = tables;
        open.add(tables);
    }

    static Stores open(Profile profile, Holdings holdings, Clock clock) {
        Stores stores = new Stores(holdings, QuarantinedTables.open(profile, clock));
        try {
            stores.share = stores.keep(ShareTables.open(profile, holdings.shareTables()));
            stores.folders = stores.keep(StoreFolders.open(profile));
            if (!holdings.keys().isEmpty()) {
                stores.keys = stores.keep(RealTimeKeys.open(profile, holdings.keys()));
            }
            // a file system says only when it is asked whether it is there
            holdings.folders().stream().limit(1).forEach(stores.folders::bytes);
            return stores;
        } catch (RuntimeException e) {
            stores.close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T keep(T store) {
        open.add(store);
        return store;
    }

    QuarantinedTables tables() {
        return tables;
    }

    ShareTables share() {
        return share;
    }

    StoreFolders folders() {
        return folders;
    }

    /** Null when the subject has no keys. */
    RealTimeKeys keys() {
        return keys;
    }

    /** What others have here. */
    Surroundings surroundings() {
        Set<TableName> own = new HashSet<>();
        for (HeldTable table : holdings.tables()) {
            own.add(TableName.parse(table.from()));
            own.add(TableName.parse(table.to()));
        }
        return new Surroundings(tables.others(own), share.others(holdings.shareTables()), null);
    }

    /** Where readers or the quarantine have two tables for one, nothing may be moved. */
    void refuseConflicts() {
        for (HeldTable table : holdings.tables()) {
            if (tables.state(TableName.parse(table.from())) == State.BOTH) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "there is a table " + table.from() + " again beside " + table.to()
                                + ", which is in quarantine: was it built from an old manifest, or by a new subject?"
                                + " Nothing was changed. Drop or rename one of them by hand, then call this again.");
            }
        }
        holdings.shareTables().forEach(share::refuseConflict);
    }

    @Override
    public void close() {
        for (AutoCloseable store : open) {
            try {
                store.close();
            } catch (Exception e) {
                // what was done is done; a connection that does not close changes nothing
            }
        }
    }
}
