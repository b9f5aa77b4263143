package io.granary.tablestore.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A way to a server that can be cut: to its clients the server is dead then, until the line is mended. */
public final class CutLine implements AutoCloseable {
    private final int server;
    private final int port;
    private volatile Relay relay;
    private long left = Long.MAX_VALUE;

    public CutLine(int serverPort) {
        this.server = serverPort;
        this.relay = listen(0);
        this.port = relay.port();
    }

    public int port() {
        return port;
    }

    private Relay listen(int onPort) {
        try {
            return new Relay(onPort, () -> server, Relay.ALL, this::reply);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void reply(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[8192];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            to.write(buffer, 0, n);
            if (isLast(n)) {
                cut();
            }
        }
    }

    private synchronized boolean isLast(int bytes) {
        boolean last = left > 0 && left <= bytes;
        left -= Math.min(left, bytes);
        return last;
    }

    /** Cuts itself when the server has sent so many more bytes. */
    public synchronized void cutAfter(long bytes) {
        left = bytes;
    }

    /** Cuts all connections; new ones are refused. */
    public void cut() {
        try {
            relay.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server can be reached again. */
    public void mend() {
        relay = listen(port);
    }

    @Override
    public void close() {
        cut();
    }
}
