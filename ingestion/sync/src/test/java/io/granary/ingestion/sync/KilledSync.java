package io.granary.ingestion.sync;

import io.granary.warehouse.command.Commands;
import org.apache.hadoop.conf.Configuration;

/** {@code granary sync} in a process of its own, which stands still before a step of its file system. */
final class KilledSync {
    private KilledSync() {}

    /** @param args home, source, ds, step */
    public static void main(String[] args) {
        Configuration.addDefaultResource("pausing-site.xml");
        PausingFiles.before(args[3]);
        Commands.main(new SyncCommand(), new String[] {args[1], "--ds", args[2], "--home", args[0]});
    }
}
