package io.granary.cluster;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The Redis that is packed in the embedded-redis jar, run directly.
 *
 * <p>Every write is in the append-only file, and that file on the disk, before its answer is sent ({@code appendfsync
 * always}). With {@code everysec} Redis may put a write off while a sync is under way, and a kill -9 in that moment
 * would lose what was acknowledged.
 */
record RedisServer(Path data) {
    private static final String BINARY = "redis-server-6.2.6-v5-linux-amd64";

    Program program(int port) {
        Path dist = data.resolve("dist");
        PackedFiles.unpack(BINARY, "", BINARY::equals, BINARY, dist);
        Path conf = data.resolve("redis.conf");
        try {
            Files.createDirectories(data.resolve("db"));
            Files.writeString(conf, configuration(port));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + conf + ": " + e, e);
        }
        return new Program(List.of(dist.resolve(BINARY).toString(), conf.toString()), data.resolve("db"), Map.of());
    }

    /** Written at every start. Paths are relative to the working folder, so that any folder name will do. */
    private static String configuration(int port) {
        return """
                bind 127.0.0.1
                port %d
                protected-mode yes
                daemonize no
                dir .
                save ""
                appendonly yes
                appendfsync always
                aof-use-rdb-preamble yes
                aof-load-truncated yes
                maxmemory-policy noeviction
                """.formatted(port);
    }

    /** Whether a Redis answers there, with its data loaded. */
    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException e) {
            return false;
        }
    }
}
