package io.granary.tablestore.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** Stands before a server of this machine, as a network does, and decides what passes. */
public final class Relay implements AutoCloseable {
    /** Everything, as it is. */
    public static final Passage ALL = InputStream::transferTo;

    private final ServerSocket door = new ServerSocket();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final IntSupplier server;
    private final Passage requests;
    private final Passage replies;

    /** What becomes of one direction of a connection; when it returns, the connection is closed. */
    @FunctionalInterface
    public interface Passage {
        void pass(InputStream from, OutputStream to) throws IOException;
    }

    /**
     * Opens the door.
     *
     * @param port 0: any free one
     * @param server port that a new connection leads to
     */
    public Relay(int port, IntSupplier server, Passage requests, Passage replies) throws IOException {
        this.server = server;
        this.requests = requests;
        this.replies = replies;
        door.setReuseAddress(true);
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        start(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    private void accept() throws IOException {
        while (!door.isClosed()) {
            Socket client = door.accept();
            Socket behind = new Socket();
            sockets.add(client);
            sockets.add(behind);
            try {
                behind.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getAsInt()));
                start(() -> pass(client, behind, requests));
                start(() -> pass(behind, client, replies));
            } catch (IOException e) {
                // to the client the server is away
                client.close();
                sockets.remove(client);
                sockets.remove(behind);
            }
        }
    }

    private void pass(Socket from, Socket to, Passage passage) throws IOException {
        try (from;
                to) {
            passage.pass(from.getInputStream(), to.getOutputStream());
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** Ends the connections that are open; new ones are taken. */
    public void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        hangUp();
    }

    /** What a thread does until a socket is closed. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // a socket was closed: that is how these threads end
                    }
                },
                "relay");
        thread.setDaemon(true);
        thread.start();
    }
}
