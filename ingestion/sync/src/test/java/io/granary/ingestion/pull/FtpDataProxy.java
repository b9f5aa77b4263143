package io.granary.ingestion.pull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands before an FTP server and cuts data connections; the connection of the commands stays. */
final class FtpDataProxy implements AutoCloseable {
    private static final Pattern PASSIVE = Pattern.compile("227 .*\\(127,0,0,1,(\\d+),(\\d+)\\).*");

    /** How a data connection ends before its time. */
    enum Cut {
        /** The server sees it too. */
        BOTH_ENDS,
        /** The server can send all and calls the file sent; what follows the cut is lost on the way. */
        CLIENTS_END
    }

    private final ServerSocket door = open();
    private final int server;
    private final Cut cut;
    private final long bytes;
    private final AtomicInteger cuts = new AtomicInteger();

    /** @param bytes that come through a connection which is cut; shorter ones are left alone */
    FtpDataProxy(int server, Cut cut, long bytes) throws IOException {
        this.server = server;
        this.cut = cut;
        this.bytes = bytes;
        start(this::accept);
    }

    private static ServerSocket open() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    int port() {
        return door.getLocalPort();
    }

    /** The next so many connections that carry enough are cut. */
    void cut(int connections) {
        cuts.set(connections);
    }

    private void accept() throws IOException {
        while (!door.isClosed()) {
            Socket client = door.accept();
            Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
            start(() -> client.getInputStream().transferTo(behind.getOutputStream()));
            start(() -> answer(behind, client));
        }
    }

    /** Passes the server's lines on; where one names a port for data, it names ours. */
    private void answer(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                line.append((char) c);
                if (c == '\n') {
                    to.getOutputStream().write(changed(line.toString()).getBytes(StandardCharsets.ISO_8859_1));
                    line.setLength(0);
                }
            }
        }
    }

    private String changed(String line) throws IOException {
        Matcher passive = PASSIVE.matcher(line.strip());
        if (!passive.matches()) {
            return line;
        }
        int port = Integer.parseInt(passive.group(1)) * 256 + Integer.parseInt(passive.group(2));
        ServerSocket data = open();
        start(() -> data(data, port));
        int ours = data.getLocalPort();
        return "227 Entering Passive Mode (127,0,0,1," + ours / 256 + "," + ours % 256 + ")\r\n";
    }

    private void data(ServerSocket ours, int port) throws IOException {
        try (ours;
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket client = ours.accept()) {
            InputStream in = behind.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] buffer = new byte[1000];
            long count = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (count + n > bytes && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    out.write(buffer, 0, (int) (bytes - count));
                    if (cut == Cut.CLIENTS_END) {
                        in.transferTo(OutputStream.nullOutputStream());
                    }
                    return;
                }
                out.write(buffer, 0, n);
                count += n;
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
                "ftp-data-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
