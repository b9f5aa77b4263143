package io.granary.ingestion.pull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.granary.warehouse.config.LoopbackPort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** An HTTP server of texts, with tags and ranges; some paths misbehave. */
public final class HttpTestServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, String> redirects = new ConcurrentHashMap<>();
    private final Map<String, Integer> cuts = new ConcurrentHashMap<>();
    private final Map<String, String> growing = new ConcurrentHashMap<>();
    private final Set<String> slow = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public HttpTestServer() throws IOException {
        this(HttpServer.create(address(), 0));
    }

    /** An HTTPS server. */
    static HttpTestServer secured(TestCertificate certificate) throws Exception {
        HttpsServer server = HttpsServer.create(address(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        return new HttpTestServer(server);
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), LoopbackPort.anyFree());
    }

    private HttpTestServer(HttpServer server) {
        this.server = server;
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    void put(String path, byte[] content) {
        files.put(path, content);
    }

    public void put(String path, String content) {
        put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    void redirect(String path, String to) {
        redirects.put(path, to);
    }

    /** The next answer with this file ends after so many bytes. */
    void cut(String path, int bytes) {
        cuts.put(path, bytes);
    }

    /** Bytes of this file come slowly, or no longer do. */
    void slow(String path, boolean slowly) {
        if (slowly) {
            slow.add(path);
        } else {
            slow.remove(path);
        }
    }

    /** Each time somebody asks, the file has more. */
    void grow(String path, String more) {
        growing.put(path, more);
    }

    /** Method, path and range of each request. */
    public List<String> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add(exchange.getRequestMethod() + " " + path + (range == null ? "" : " " + range)
                    + (authorization == null ? "" : " with credentials"));
            if (growing.containsKey(path)) {
                files.merge(path, growing.get(path).getBytes(StandardCharsets.UTF_8), HttpTestServer::joined);
            }
            if (redirects.containsKey(path)) {
                exchange.getResponseHeaders().set("Location", redirects.get(path));
                exchange.sendResponseHeaders(302, -1);
            } else if (!files.containsKey(path)) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                send(exchange, path, range);
            }
        }
    }

    private void send(HttpExchange exchange, String path, String range) throws IOException {
        byte[] content = files.get(path);
        String tag = "\"" + Arrays.hashCode(content) + "\"";
        exchange.getResponseHeaders().set("ETag", tag);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        int from = range != null && tag.equals(exchange.getRequestHeaders().getFirst("If-Range"))
                ? Integer.parseInt(range.replaceAll("\\D", ""))
                : 0;
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        int length = content.length - from;
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, length == 0 ? -1 : length);
        Integer cut = cuts.remove(path);
        OutputStream out = exchange.getResponseBody();
        int end = from + (cut == null ? length : Math.min(cut, length));
        for (int at = from; at < end; ) {
            int step = slow.contains(path) ? Math.min(100, end - at) : end - at;
            out.write(content, at, step);
            out.flush();
            at += step;
            LockSupport.parkNanos(slow.contains(path) ? 20_000_000 : 0);
        }
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
