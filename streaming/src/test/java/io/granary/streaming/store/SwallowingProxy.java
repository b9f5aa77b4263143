package io.granary.streaming.store;

import io.granary.warehouse.config.LoopbackPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands before a server as a network does: it can swallow bytes in either direction, and lead to another server. */
final class SwallowingProxy implements AutoCloseable {
    final int port = LoopbackPort.anyFree();
    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean swallowsRequests;
    private volatile boolean swallowsReplies;

    SwallowingProxy(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    /** Connections stay open and look alive. */
    void swallow(boolean requests, boolean replies) {
        swallowsRequests = requests;
        swallowsReplies = replies;
    }

    /** New connections go there; those that are open break. */
    void lead(int to) throws IOException {
        target = to;
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    private void accept() throws IOException {
        while (!door.isClosed()) {
            Socket client = door.accept();
            sockets.add(client);
            try {
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(server);
                run(() -> copy(client, server, true));
                run(() -> copy(server, client, false));
            } catch (IOException e) {
                client.close();
            }
        }
    }

    private void copy(Socket from, Socket to, boolean isRequest) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[4096];
            boolean isCut = false;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                // what was swallowed leaves a hole: nothing behind it may come through
                isCut |= isRequest ? swallowsRequests : swallowsReplies;
                if (!isCut) {
                    out.write(buffer, 0, n);
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
        lead(target);
    }
}
