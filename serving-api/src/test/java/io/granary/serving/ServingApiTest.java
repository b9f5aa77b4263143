package io.granary.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.error.GranaryException;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The verb as its own process, without any store: it starts, says what is wrong, and stops on SIGTERM. */
class ServingApiTest {
    @TempDir
    Path home;

    @Test
    @Timeout(180)
    void comesUpAnswersAndStopsOnSigterm() throws Exception {
        Files.writeString(
                home.resolve("profile.yaml"), Installation.profile(LoopbackPort.anyFree(), LoopbackPort.anyFree()));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServingApi.class.getName(),
                        "--home",
                        home.toString(),
                        "--port",
                        "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader()) {
            String line = out.readLine();
            assertThat(line).startsWith("serving-api up http://127.0.0.1:");
            Path ready = home.resolve("run/serving-api.ready");
            assertThat(ready).hasContent(Long.toString(process.pid()));

            String base = line.substring("serving-api up ".length());
            assertThat(get(base + "/health/live").statusCode()).isEqualTo(200);
            HttpResponse<String> counter = get(base + "/api/v1/counters/traffic.page_view?window=1m");
            assertThat(counter.statusCode()).isEqualTo(503);
            assertThat(counter.body()).contains("granary compile");

            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(ready).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void takesThePortOfTheProfile() {
        assertThat(ServingApi.portOf("http://127.0.0.1:41006")).isEqualTo(41006);
        assertThat(ServingApi.portOf("http://127.0.0.1:41006/")).isEqualTo(41006);
        for (String bad : new String[] {"http://127.0.0.1", "nonsense", "http://a b:1"}) {
            assertThatThrownBy(() -> ServingApi.portOf(bad))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("--port");
        }
    }

    private static HttpResponse<String> get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
