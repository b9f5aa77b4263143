package io.granary.tablestore.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to a server that can be cut: to its clients the server is dead then, until the line is mended. */
public final class CutLine implements AutoCloseable {
    private final InetSocketAddress server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int port;
    private ServerSocket door;
    private volatile long left = Long.MAX_VALUE;

    public CutLine(int serverPort) {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        this.door = listen(0);
        this.port = door.getLocalPort();
    }

    public int port() {
        return port;
    }

    private ServerSocket listen(int onPort) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort));
            start(() -> accept(socket));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket client = from.accept();
                Socket behind = new Socket();
                sockets.add(client);
                sockets.add(behind);
                behind.connect(server);
                start(() -> copy(client, behind, false));
                start(() -> copy(behind, client, true));
            } catch (IOException closed) {
                // cut
            }
        }
    }

    private void copy(Socket from, Socket to, boolean counted) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                if (counted && counted(n)) {
                    cut();
                }
            }
        } catch (IOException closed) {
            // cut, or one side has ended
        }
    }

    private synchronized boolean counted(int bytes) {
        boolean last = left > 0 && left <= bytes;
        left -= Math.min(left, bytes);
        return last;
    }

    /** Cuts itself when the server has sent so many more bytes. */
    public synchronized void cutAfter(long bytes) {
        left = bytes;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cut-line");
        thread.setDaemon(true);
        thread.start();
    }

    /** Cuts all connections; new ones are refused. */
    public void cut() {
        try {
            door.close();
            for (Socket socket : sockets) {
                socket.close();
            }
            sockets.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server can be reached again. */
    public void mend() {
        door = listen(port);
    }

    @Override
    public void close() {
        cut();
    }
}
