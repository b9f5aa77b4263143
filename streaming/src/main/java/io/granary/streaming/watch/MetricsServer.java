package io.granary.streaming.watch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.SparkContext;

/** Serves {@code /metrics} in Prometheus' text form. There is no access check, so the address is loopback by default. */
public final class MetricsServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;
    private final StreamMetrics metrics;
    private final SparkContext spark;

    private MetricsServer(HttpServer server, StreamMetrics metrics, SparkContext spark) {
        this.server = server;
        this.metrics = metrics;
        this.spark = spark;
        this.threads = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "metrics");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts to serve.
     *
     * @param address port 0 for any free one
     * @throws GranaryException when the port is taken, or the address is not this machine's
     */
    public static MetricsServer start(InetSocketAddress address, StreamMetrics metrics, SparkContext spark) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(address.getHostString(), address.getPort()), 0);
            MetricsServer server = new MetricsServer(http, metrics, spark);
            http.setExecutor(server.threads);
            http.createContext("/metrics", server::answer);
            http.start();
            return server;
        } catch (IOException | IllegalArgumentException e) {
            throw new GranaryException(
                    ErrorCode.RESOURCES,
                    "the metrics cannot be served at " + address.getHostString() + ":" + address.getPort() + " (" + e
                            + "). Name another address in the profile as streaming.metrics, with port 0 for any free"
                            + " one.",
                    e);
        }
    }

    /** Such as {@code http://127.0.0.1:9464/metrics}. */
    public String url() {
        InetSocketAddress address = server.getAddress();
        return "http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/metrics";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!Set.of("GET", "HEAD").contains(exchange.getRequestMethod())
                    || !exchange.getRequestURI().getPath().equals("/metrics")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private String text() {
        PrometheusText text = new PrometheusText();
        metrics.queries().forEach(query -> query.write(text));
        Memory.write(spark, text);
        return text.toString();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
