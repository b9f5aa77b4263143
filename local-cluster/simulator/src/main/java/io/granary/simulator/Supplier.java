package io.granary.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;

/** The shop's supplier: an HTTP server on loopback with a price list for each day, as long as it is open. */
public final class Supplier implements AutoCloseable {
    private final Path folder;
    private final HttpServer server;

    private Supplier(Path folder, HttpServer server) {
        this.folder = folder.toAbsolutePath().normalize();
        this.server = server;
    }

    /**
     * Opens the server.
     *
     * @param folder of the files it offers
     * @throws GranaryException RESOURCES when another program has the port
     */
    public static Supplier open(Path folder, int port) {
        try {
            Files.createDirectories(folder);
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
            Supplier supplier = new Supplier(folder, server);
            server.createContext("/", supplier::answer);
            server.start();
            return supplier;
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.RESOURCES,
                    "the supplier's server cannot open port " + port + ": " + e.getMessage()
                            + "; `ss -ltnp 'sport = :" + port
                            + "'` names who has it. End that, or remove \"supplier\" from"
                            + " cluster.json in the state folder and start the cluster again: another port is chosen.",
                    e);
        }
    }

    /** Offers the day's prices: the list, its sum beside it, and last the marker that says that all is there. */
    public void offer(LocalDate ds, List<Shop.Cost> costs) {
        StringBuilder csv = new StringBuilder("product_id,price\n");
        costs.forEach(cost -> csv.append(cost.productId())
                .append(',')
                .append(cost.price().toPlainString())
                .append('\n'));
        byte[] list = csv.toString().getBytes(StandardCharsets.UTF_8);
        Path day = folder.resolve("prices").resolve(ds.toString());
        try {
            Files.createDirectories(day);
            Files.write(day.resolve("prices.csv"), list);
            Files.writeString(day.resolve("prices.csv.sha256"), sha256(list) + "  prices.csv\n");
            Files.writeString(day.resolve("_SUCCESS"), "");
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.RESOURCES, "cannot write the supplier's prices to " + day + ": " + e, e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1))
                    .normalize();
            if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] content = Files.readAllBytes(file);
            exchange.getResponseHeaders().set("ETag", '"' + sha256(content).substring(0, 16) + '"');
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
                exchange.sendResponseHeaders(200, -1);
            } else if (content.length == 0) {
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
            }
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
