package io.granary.ingestion.sync.export;

import java.io.IOException;
import java.nio.file.Path;

/** An export into Redis in a process of its own, of a day whose files are there. */
final class KilledRedisExport {
    private KilledRedisExport() {}

    /** @param args home, port, ds, run */
    public static void main(String[] args) throws IOException {
        Exported exported = Exported.intoRedis(Path.of(args[0]), Integer.parseInt(args[1]));
        exported.publish(args[2], args[3]);
        exported.export(args[2], false, Long.MAX_VALUE);
    }
}
