package io.granary.ingestion.pull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a server and drops the first connections after some bytes of the server's. */
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket door;
    private final int target;
    private final AtomicInteger cuts;
    private final long bytes;

    /** @param cuts how many connections are dropped, each after {@code bytes} */
    CuttingProxy(int port, int target, int cuts, long bytes) throws IOException {
        this.door = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        this.cuts = new AtomicInteger(cuts);
        this.bytes = bytes;
        run(this::accept);
    }

    /** How many connections are still to be dropped. */
    int left() {
        return cuts.get();
    }

    private void accept() throws IOException {
        while (!door.isClosed()) {
            Socket client = door.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            run(() -> copy(client, server, Long.MAX_VALUE));
            run(() -> copy(server, client, cuts.get() > 0 ? bytes : Long.MAX_VALUE));
        }
    }

    private void copy(Socket from, Socket to, long most) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[4096];
            long count = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                count += n;
                if (count >= most) {
                    cuts.decrementAndGet();
                    return;
                }
            }
        }
    }

    /** What a thread does until a socket is closed. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // a socket was closed: that is how these threads end
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
