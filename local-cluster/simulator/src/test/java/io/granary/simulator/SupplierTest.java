package io.granary.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupplierTest {
    private static final LocalDate DS = LocalDate.parse("2026-11-01");

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private int port;
    private Supplier supplier;

    @BeforeEach
    void open() {
        port = LoopbackPort.anyFree();
        supplier = Supplier.open(folder.resolve("offered"), port);
        supplier.offer(DS, List.of(new Shop.Cost(7, new BigDecimal("6.10"))));
    }

    @AfterEach
    void close() {
        supplier.close();
    }

    @Test
    void aDayIsAListItsSumAndAMarker() throws Exception {
        assertThat(get("GET", "/prices/2026-11-01/prices.csv").body()).isEqualTo("product_id,price\n7,6.10\n");
        assertThat(get("GET", "/prices/2026-11-01/prices.csv.sha256").body()).matches("[0-9a-f]{64}  prices[.]csv\n");
        assertThat(get("GET", "/prices/2026-11-01/_SUCCESS").statusCode()).isEqualTo(200);
        assertThat(get("HEAD", "/prices/2026-11-01/prices.csv").headers().firstValue("content-length"))
                .contains("24");
    }

    @Test
    void nothingElseIsThere() throws Exception {
        Files.writeString(folder.resolve("secret"), "x");

        assertThat(get("GET", "/prices/2026-11-02/_SUCCESS").statusCode()).isEqualTo(404);
        assertThat(get("GET", "/../secret").statusCode()).isEqualTo(404);
    }

    @Test
    void aTakenPortIsNamed() {
        assertThatThrownBy(() -> Supplier.open(folder, port))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("port " + port)
                .hasMessageContaining("cluster.json");
    }

    private HttpResponse<String> get(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
