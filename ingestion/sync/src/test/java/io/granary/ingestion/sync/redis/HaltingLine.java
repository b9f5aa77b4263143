package io.granary.ingestion.sync.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A way to a server that stands still at a point of what a client says, so that the client can be killed there. */
public final class HaltingLine implements AutoCloseable {
    private final ServerSocket door;
    private final int server;
    private final CountDownLatch halted = new CountDownLatch(1);
    private final String text;
    private final long bytes;
    private final boolean answered;
    private long passed;

    private HaltingLine(int server, String text, long bytes, boolean answered) throws IOException {
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.server = server;
        this.text = text;
        this.bytes = bytes;
        this.answered = answered;
        start(this::accept);
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
        return door.getLocalPort();
    }

    public boolean awaitHalt(long seconds) throws InterruptedException {
        return halted.await(seconds, TimeUnit.SECONDS);
    }

    private void accept() throws IOException {
        while (!door.isClosed()) {
            Socket client = door.accept();
            Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
            start(() -> say(client, behind));
            start(() -> answer(behind, client));
        }
    }

    private void say(Socket client, Socket behind) throws IOException {
        try (client;
                behind) {
            InputStream in = client.getInputStream();
            OutputStream out = behind.getOutputStream();
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
    }

    private synchronized boolean counted(int n) {
        passed += n;
        return passed >= bytes;
    }

    private void answer(Socket behind, Socket client) throws IOException {
        try (client;
                behind) {
            InputStream in = behind.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (halted.getCount() > 0) {
                    out.write(buffer, 0, n);
                }
            }
        }
    }

    /** What a thread does until a socket is closed. */
    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException closed) {
                        // one side has ended
                    }
                },
                "halting-line");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
