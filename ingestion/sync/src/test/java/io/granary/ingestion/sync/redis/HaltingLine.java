package io.granary.ingestion.sync.redis;

import io.granary.tablestore.testing.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A way to a server that stands still at a point of what a client says, so that the client can be killed there. */
public final class HaltingLine implements AutoCloseable {
    private final Relay relay;
    private final CountDownLatch halted = new CountDownLatch(1);
    private final String text;
    private final long bytes;
    private final boolean answered;
    private long passed;

    private HaltingLine(int server, String text, long bytes, boolean answered) throws IOException {
        this.text = text;
        this.bytes = bytes;
        this.answered = answered;
        this.relay = new Relay(0, () -> server, this::say, this::answer);
    }

    /** Halts before the first words that have this text: the server does not hear them. */
    public static HaltingLine before(int server, String text) throws IOException {
        return new HaltingLine(server, text, Long.MAX_VALUE, true);
    }

    /** Halts behind the first words that have this text: the server does as they say, its answer does not arrive. */
    public static HaltingLine behind(int server, String text) throws IOException {
        return new HaltingLine(server, text, Long.MAX_VALUE, false);
    }

    /** Halts when the client has said so many bytes. */
    public static HaltingLine at(int server, long bytes) throws IOException {
        return new HaltingLine(server, null, bytes, true);
    }

    public int port() {
        return relay.port();
    }

    public boolean awaitHalt(long seconds) throws InterruptedException {
        return halted.await(seconds, TimeUnit.SECONDS);
    }

    private void say(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[8192];
        String before = "";
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            // a text may lie in two reads
            String words = before + new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
            boolean here = text == null ? counted(n) : words.contains(text);
            if (!here || !answered) {
                if (here) {
                    halted.countDown();
                }
                out.write(buffer, 0, n);
            }
            if (here) {
                halted.countDown();
                in.transferTo(OutputStream.nullOutputStream());
            }
            before = words.substring(Math.max(0, words.length() - 200));
        }
    }

    private synchronized boolean counted(int n) {
        passed += n;
        return passed >= bytes;
    }

    private void answer(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (halted.getCount() > 0) {
                out.write(buffer, 0, n);
            }
        }
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }
}
