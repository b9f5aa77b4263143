package io.granary.ingestion.pull;

import io.granary.tablestore.testing.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a server and drops the first connections after some bytes of the server's. */
final class CuttingProxy implements AutoCloseable {
    private final AtomicInteger cuts;
    private final long bytes;
    private final Relay relay;

    /** @param cuts how many connections are dropped, each after {@code bytes} */
    CuttingProxy(int port, int target, int cuts, long bytes) throws IOException {
        this.cuts = new AtomicInteger(cuts);
        this.bytes = bytes;
        this.relay = new Relay(port, () -> target, Relay.ALL, this::reply);
    }

    /** How many connections are still to be dropped. */
    int left() {
        return cuts.get();
    }

    private void reply(InputStream from, OutputStream to) throws IOException {
        boolean isCut = cuts.get() > 0;
        byte[] buffer = new byte[4096];
        long count = 0;
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            to.write(buffer, 0, n);
            count += n;
            if (isCut && count >= bytes) {
                cuts.decrementAndGet();
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }
}
