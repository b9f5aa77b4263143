package io.granary.streaming.store;

import io.granary.tablestore.testing.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/** Stands before a server as a network does: it can swallow bytes in either direction, and lead to another server. */
final class SwallowingProxy implements AutoCloseable {
    final int port;
    private final Relay relay;
    private volatile int target;
    private volatile boolean swallowsRequests;
    private volatile boolean swallowsReplies;

    SwallowingProxy(int target) throws IOException {
        this.target = target;
        this.relay = new Relay(
                0,
                () -> this.target,
                (from, to) -> copy(from, to, () -> swallowsRequests),
                (from, to) -> copy(from, to, () -> swallowsReplies));
        this.port = relay.port();
    }

    /** Connections stay open and look alive. */
    void swallow(boolean requests, boolean replies) {
        swallowsRequests = requests;
        swallowsReplies = replies;
    }

    /** New connections go there; those that are open break. */
    void lead(int to) throws IOException {
        target = to;
        relay.hangUp();
    }

    private static void copy(InputStream from, OutputStream to, BooleanSupplier swallows) throws IOException {
        byte[] buffer = new byte[4096];
        boolean isCut = false;
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            // what was swallowed leaves a hole: nothing behind it may come through
            isCut |= swallows.getAsBoolean();
            if (!isCut) {
                to.write(buffer, 0, n);
            }
        }
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }
}
