package io.granary.ingestion.pull;

import io.granary.tablestore.testing.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

    private final Relay commands;
    private final List<Relay> data = new CopyOnWriteArrayList<>();
    private final Cut cut;
    private final long bytes;
    private final AtomicInteger cuts = new AtomicInteger();

    /** @param bytes that come through a connection which is cut; shorter ones are left alone */
    FtpDataProxy(int server, Cut cut, long bytes) throws IOException {
        this.cut = cut;
        this.bytes = bytes;
        this.commands = new Relay(0, () -> server, Relay.ALL, this::answer);
    }

    int port() {
        return commands.port();
    }

    /** The next so many connections that carry enough are cut. */
    void cut(int connections) {
        cuts.set(connections);
    }

    /** Passes the server's lines on; where one names a port for data, it names ours. */
    private void answer(InputStream from, OutputStream to) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = from.read(); c >= 0; c = from.read()) {
            line.append((char) c);
            if (c == '\n') {
                to.write(changed(line.toString()).getBytes(StandardCharsets.ISO_8859_1));
                line.setLength(0);
            }
        }
    }

    private String changed(String line) throws IOException {
        Matcher passive = PASSIVE.matcher(line.strip());
        if (!passive.matches()) {
            return line;
        }
        int port = Integer.parseInt(passive.group(1)) * 256 + Integer.parseInt(passive.group(2));
        Relay relay = new Relay(0, () -> port, Relay.ALL, this::content);
        data.add(relay);
        int ours = relay.port();
        return "227 Entering Passive Mode (127,0,0,1," + ours / 256 + "," + ours % 256 + ")\r\n";
    }

    private void content(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[1000];
        long count = 0;
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            if (count + n > bytes && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                to.write(buffer, 0, (int) (bytes - count));
                if (cut == Cut.CLIENTS_END) {
                    from.transferTo(OutputStream.nullOutputStream());
                }
                return;
            }
            to.write(buffer, 0, n);
            count += n;
        }
    }

    @Override
    public void close() throws IOException {
        commands.close();
        for (Relay relay : data) {
            relay.close();
        }
    }
}
