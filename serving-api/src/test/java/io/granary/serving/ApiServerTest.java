package io.granary.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

/** Real requests against a real server and a real Redis. */
class ApiServerTest {
    private static final String COUNTER = "/api/v1/counters/traffic.page_view";
    private static final Instant MINUTE = Instant.parse("2026-11-01T10:05:00Z");

    @TempDir
    static Path home;

    private static Installation installation;

    @BeforeAll
    static void start() throws IOException {
        installation = new Installation(home);
    }

    @AfterAll
    static void stop() throws IOException {
        installation.close();
    }

    @BeforeEach
    void empty() {
        try (RedisClient redis = installation.redis()) {
            redis.flushAll();
        }
    }

    @Test
    void answersACounterWithItsAge() {
        count("demo-shop", "1m", MINUTE, 12, "v1", "v2", "v3");
        count("other", "1m", MINUTE, 99, "v9");
        asOf("2026-11-01T10:06:03.250Z");

        HttpResponse<String> answer =
                installation.get(COUNTER + "?window=1m&bucket=2026-11-01T10:05:00Z&by.site=demo-shop");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.body())
                .isEqualTo("{\"counter\":\"traffic.page_view\",\"window\":\"1m\",\"bucket\":\"2026-11-01T10:05:00Z\","
                        + "\"by\":{\"site\":\"demo-shop\"},\"values\":{\"page_views\":12,\"visitors\":3},"
                        + "\"as_of\":\"2026-11-01T10:06:03.250Z\",\"state\":\"ok\"}");
        assertThat(OpenApi.faults("Counter", answer.body())).isEmpty();
    }

    @Test
    void answersThatNumbersMayBeLowerWhileTheyAreRebuiltOrLost() {
        String url = COUNTER + "?window=1m&bucket=2026-11-01T10:05:00Z&by.site=demo-shop";
        asOf("2026-11-01T10:06:03.250Z");
        String key = RedisKeys.fence(
                RedisKeys.shard("traffic.page_view", RedisKeys.encodeBy(List.of("demo-shop"))), "traffic.access_log");
        try (RedisClient redis = installation.redis()) {
            fence(redis, key, "t.1", 7);
            assertThat(state(url)).isEqualTo("ok");
            // a replica that lagged has become master
            fence(redis, key, "t.1", 6);
            assertThat(state(url)).isEqualTo("rebuilding");
            redis.del(key);
            assertThat(state(url)).isEqualTo("rebuilding");
            fence(redis, key, "t.1", 7);
            assertThat(state(url)).isEqualTo("ok");

            redis.hset(RedisKeys.asOf("traffic.access_log"), Map.of("state", "rebuilding", "generation", "2"));
            assertThat(state(url)).isEqualTo("rebuilding");
            redis.hset(RedisKeys.asOf("traffic.access_log"), Map.of("state", "ok", "generation", "1"));
            // the next generation has begun between the questions
            fence(redis, key, "t.2", 7);
            assertThat(state(url)).isEqualTo("rebuilding");
            // another checkpoint is another count
            redis.hset(RedisKeys.asOf("traffic.access_log"), Map.of("state", "ok", "generation", "1"));
            fence(redis, key, "u.1", 0);
            assertThat(state(url)).isEqualTo("ok");
        }
    }

    private static void fence(RedisClient redis, String key, String epoch, long batch) {
        redis.hset(key, Map.of("epoch", epoch, "batch", "" + batch, "slice", "0", "slices", "1"));
    }

    private static String state(String url) {
        JsonNode answer = json(installation.get(url));
        assertThat(answer.path("as_of").isNull())
                .isEqualTo(answer.path("state").asText().equals("rebuilding"));
        JsonNode series = json(installation.get(
                COUNTER + "/series?window=1m&from=2026-11-01T10:00:00Z&to=2026-11-01T11:00:00Z&by.site=demo-shop"));
        assertThat(series.path("state")).isEqualTo(answer.path("state"));
        return answer.path("state").asText();
    }

    @Test
    void answersZeroForWhatWasNotCountedAndNullForAnUnknownAge() {
        JsonNode answer = json(installation.get(COUNTER + "?window=1d&bucket=2026-11-01&by.site=nobody"));

        assertThat(answer.at("/values/page_views").intValue()).isZero();
        assertThat(answer.at("/values/visitors").intValue()).isZero();
        assertThat(answer.at("/bucket").asText()).isEqualTo("2026-11-01T00:00:00Z");
        assertThat(answer.has("as_of")).isTrue();
        assertThat(answer.path("as_of").isNull()).isTrue();
    }

    @Test
    void takesDimensionValuesOfAnyText() {
        String site = "ä|b:{c}#%&=\n";
        count(site, "1m", MINUTE, 7, "v1");
        count(site, "total", Instant.EPOCH, 70, "v1");

        String encoded = java.net.URLEncoder.encode(site, StandardCharsets.UTF_8);
        JsonNode minute = json(installation.get(COUNTER + "?window=1m&bucket=2026-11-01T10:05:00Z&by.site=" + encoded));
        JsonNode total = json(installation.get(COUNTER + "?window=total&by.site=" + encoded));

        assertThat(minute.at("/values/page_views").intValue()).isEqualTo(7);
        assertThat(minute.at("/by/site").asText()).isEqualTo(site);
        assertThat(total.at("/values/page_views").intValue()).isEqualTo(70);
    }

    @Test
    void answersTheBucketsOfASeriesThatHoldData() {
        count("demo-shop", "1m", MINUTE.minusSeconds(60), 1, "v1");
        count("demo-shop", "1m", MINUTE, 2, "v1", "v2");
        count("demo-shop", "1m", MINUTE.plusSeconds(180), 4, "v3");
        count("demo-shop", "1m", MINUTE.plusSeconds(240), 8, "v4");
        asOf("2026-11-01T11:00:00Z");

        HttpResponse<String> answer = installation.get(
                COUNTER + "/series?window=1m&from=2026-11-01T10:05:00Z&to=2026-11-01T10:09:00Z&by.site=demo-shop");

        assertThat(OpenApi.faults("Series", answer.body())).isEmpty();
        assertThat(json(answer).path("points"))
                .hasToString("[{\"bucket\":\"2026-11-01T10:05:00Z\",\"values\":{\"page_views\":2,\"visitors\":2}},"
                        + "{\"bucket\":\"2026-11-01T10:08:00Z\",\"values\":{\"page_views\":4,\"visitors\":1}}]");
        assertThat(json(answer).path("as_of").asText()).isEqualTo("2026-11-01T11:00:00Z");
    }

    @Test
    void answersASeriesLongerThanOneRoundTrip() {
        for (int i = 0; i < 3_000; i += 500) {
            count("demo-shop", "1m", MINUTE.plusSeconds(60L * i), i + 1, "v1");
        }
        String to = MINUTE.plusSeconds(60L * 3_000).toString();

        JsonNode answer = json(
                installation.get(COUNTER + "/series?window=1m&from=" + MINUTE + "&to=" + to + "&by.site=demo-shop"));

        assertThat(answer.path("points").findValuesAsText("page_views"))
                .containsExactly("1", "501", "1001", "1501", "2001", "2501");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/counters/traffic.page_views?window=1m            | 404 | Did you mean traffic.page_view?",
                "/api/v1/counters/nothing?window=1m                       | 404 | Known: traffic.page_view.",
                COUNTER + "                                               | 400 | 'window' is missing",
                COUNTER
                        + "?window=1h&by.site=a                           | 400 | has no window '1h'; it has 1m, 1d, total",
                COUNTER + "?window=1m&by.site=a                           | 400 | 'bucket' is missing",
                COUNTER + "?window=1m&bucket=2026-11-01T10:05:00Z         | 400 | 'by.site' is missing",
                COUNTER + "?window=1m&bucket=2026-11-01T10:05:30Z&by.site=a | 400 | begins at 2026-11-01T10:05:00Z",
                COUNTER + "?window=1m&bucket=yesterday&by.site=a          | 400 | 'bucket' is 'yesterday', not a time",
                COUNTER + "?window=1m&bucket=2026-11-01&by.site=a         | 400 | not a time",
                COUNTER + "?window=1d&bucket=2026-02-30&by.site=a         | 400 | not a time",
                COUNTER + "?window=1m&bucket=%2B999999999-01-01T00:00:00Z&by.site=a | 400 | outside of 1970 to 9999",
                COUNTER + "?window=total&bucket=2026-11-01T00:00:00Z&by.site=a | 400 | leave 'bucket' out",
                COUNTER + "?window=1m&window=1d&by.site=a                 | 400 | 'window' is given 2 times",
                COUNTER + "?window=1m&bukket=1&by.site=a                  | 400 | Did you mean bucket?",
                COUNTER
                        + "?window=1m&bucket=2026-11-01T10:05:00Z&by.site=a&by.city=b | 400 | no dimension 'city'; it has site",
                COUNTER + "?window=%zz                                    | 400 | ",
                COUNTER + "/series?window=1m&by.site=a&from=2026-11-01T00:00:00Z | 400 | 'to' is missing",
                COUNTER
                        + "/series?window=1m&by.site=a&from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z | 400 | is not before",
                COUNTER
                        + "/series?window=1m&by.site=a&from=2020-01-01T00:00:00Z&to=2026-11-01T00:00:00Z | 400 | at most 10000",
                COUNTER
                        + "/series?window=total&by.site=a&from=2020-01-01T00:00:00Z&to=2026-11-01T00:00:00Z | 400 | not a series",
                "/api/v1/reports/traffic.overviev                         | 404 | Did you mean traffic.overview?",
                "/api/v1/reports/traffic.overview?ds=1.11.2026            | 400 | not a day",
                "/api/v1/reports/traffic.overview?day=2026-11-01          | 400 | unknown query parameter 'day'",
                "/api/v1/reports?x=1                                      | 400 | unknown query parameter 'x'",
                "/api/v2/reports                                          | 404 | there is no path /api/v2/reports",
                "/api/v1/counters/%2e%2e/%2e%2e/etc/passwd                | 404 | there is no path",
                "/..%2f..%2fetc%2fpasswd                                  | 404 | there is no path",
            })
    void refusesWithAProblemDocument(String path, int status, String says) throws IOException {
        // java.net.URI refuses some of these; a socket sends what it is given
        String answer = raw("GET " + path.strip() + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Content-Type: application/problem+json");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(OpenApi.faults("Problem", body)).isEmpty();
        JsonNode problem = new ObjectMapper().readTree(body);
        assertThat(problem.path("status").intValue()).isEqualTo(status);
        assertThat(problem.path("code").asText()).isEqualTo(status == 404 ? "NOT_FOUND-2200" : "USAGE-2000");
        assertThat(problem.path("detail").asText()).contains(says == null ? "" : says.strip());
    }

    @Test
    void refusesOtherMethodsAndOversizeRequests() throws IOException {
        HttpResponse<String> post = installation.send(HttpRequest.newBuilder(installation.uri("/api/v1/reports"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        HttpResponse<String> large = installation.send(HttpRequest.newBuilder(installation.uri("/api/v1/reports"))
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                .build());
        String longUrl = raw("GET /?" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).hasValue("GET, HEAD");
        assertThat(OpenApi.faults("Problem", post.body())).isEmpty();
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(OpenApi.faults("Problem", large.body())).isEmpty();
        assertThat(longUrl).containsPattern("^HTTP/1.1 4(14|31) ").contains("application/problem+json");
    }

    @Test
    void saysWhenRedisIsDownAndServesAgainWhenItIsBack() throws IOException {
        String path = COUNTER + "?window=1m&bucket=2026-11-01T10:05:00Z&by.site=a";
        assertThat(installation.get(path).statusCode()).isEqualTo(200);
        installation.stopRedis();
        try {
            HttpResponse<String> answer = installation.get(path);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(OpenApi.faults("Problem", answer.body())).isEmpty();
            assertThat(json(answer).path("code").asText()).isEqualTo("EXTERNAL-4000");
            assertThat(json(answer).path("detail").asText())
                    .contains("Redis at redis://127.0.0.1:" + installation.redisPort);
            assertThat(json(installation.get("/health")).at("/checks/redis").asText())
                    .isEqualTo("DOWN");
            assertThat(installation.get("/health/live").statusCode()).isEqualTo(200);
        } finally {
            installation.startRedis();
        }
        assertThat(installation.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void saysWhenTheShareDatabaseIsDownWithoutItsSecrets() {
        HttpResponse<String> report = installation.get("/api/v1/reports/traffic.overview");
        HttpResponse<String> ready = installation.get("/health/ready");

        assertThat(report.statusCode()).isEqualTo(503);
        assertThat(json(report).path("detail").asText())
                .contains("share database 127.0.0.1:")
                .contains("cannot be reached");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(OpenApi.faults("Health", ready.body())).isEmpty();
        assertThat(json(ready).path("status").asText()).isEqualTo("DOWN");
        assertThat(json(ready).at("/checks/redis").asText()).isEqualTo("UP");
        assertThat(json(ready).at("/checks/share").asText()).isEqualTo("DOWN");
        assertThat(json(ready).at("/problems/share").asText()).contains("cannot be reached");
        assertThat(report.body() + ready.body())
                .doesNotContain("secret-of-the-test")
                .doesNotContain("Exception");
    }

    @Test
    void tellsNothingOfAnUnexpectedFault() {
        try (RedisClient redis = installation.redis()) {
            int shard = RedisKeys.shard("traffic.page_view", "a");
            redis.hset(
                    RedisKeys.values(shard, "traffic.page_view", "1m", MINUTE.getEpochSecond()),
                    RedisKeys.field("a", "page_views"),
                    "no number");
        }
        HttpResponse<String> answer = installation.get(COUNTER + "?window=1m&bucket=" + MINUTE + "&by.site=a");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(OpenApi.faults("Problem", answer.body())).isEmpty();
        assertThat(json(answer).path("code").asText()).isEqualTo("INTERNAL-5000");
        assertThat(answer.body()).doesNotContain("NumberFormat").doesNotContain("java");
    }

    @Test
    void showsWhatIsHereAndTheSpec() {
        HttpResponse<String> index = installation.get("/");
        HttpResponse<String> page = installation.send(HttpRequest.newBuilder(installation.uri("/"))
                .header("Accept", "text/html,*/*")
                .build());
        HttpResponse<String> spec = installation.get("/openapi.yaml");

        assertThat(OpenApi.faults("Index", index.body())).isEmpty();
        assertThat(json(index).at("/reports/0/href").asText()).isEqualTo("/api/v1/reports/traffic.overview");
        assertThat(page.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(page.body()).contains("<a href=\"/openapi.yaml\">").contains("traffic.page_view");
        assertThat(spec.body()).startsWith("openapi: 3.1.0");
        assertThat(spec.headers().firstValue("Content-Type")).hasValue("application/yaml");
    }

    @Test
    void saysWhichPortIsTaken() {
        LiveManifest manifest = new LiveManifest(installation.manifestFile());
        try (ApiServer second = new ApiServer(manifest, null, null, null)) {
            assertThatThrownBy(() -> second.start(installation.server.port()))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("port " + installation.server.port())
                    .hasMessageContaining("--port");
        }
    }

    @Test
    void letsARunningRequestFinishWhenItStops(@TempDir Path other) throws Exception {
        Installation stopping = new Installation(other);
        try (RedisClient redis = stopping.redis()) {
            stopping.get(COUNTER + "?window=total&by.site=a");
            redis.sendCommand(Protocol.Command.CLIENT, "PAUSE", "1000", "ALL");
            var running = java.util.concurrent.CompletableFuture.supplyAsync(
                    () -> stopping.get(COUNTER + "?window=total&by.site=a"));
            Thread.sleep(300);
            assertThat(running).isNotDone();
            stopping.server.close();
            assertThat(running.get().statusCode()).isEqualTo(200);
        } finally {
            stopping.close();
        }
    }

    @Test
    void readsAChangedManifestAndKeepsTheLastGoodOne() throws IOException {
        String good = Installation.contractManifest();
        String path = "?window=1m&bucket=2026-11-01T10:05:00Z&by.site=a";
        try {
            replaceManifest(good.replace("\"name\": \"page_view\"", "\"name\": \"renamed\""));
            assertThat(installation
                            .get("/api/v1/counters/traffic.renamed" + path)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(installation.get(COUNTER + path).statusCode()).isEqualTo(404);

            replaceManifest("{\"manifest_version\": 1, ");
            assertThat(installation
                            .get("/api/v1/counters/traffic.renamed" + path)
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            replaceManifest(good);
        }
        assertThat(installation.get(COUNTER + path).statusCode()).isEqualTo(200);
    }

    private static void replaceManifest(String content) throws IOException {
        Path part = Files.writeString(home.resolve("target/manifest.part"), content);
        Files.move(
                part,
                installation.manifestFile(),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static void count(String site, String window, Instant bucket, int pageViews, String... visitors) {
        String by = RedisKeys.encodeBy(List.of(site));
        int shard = RedisKeys.shard("traffic.page_view", by);
        try (RedisClient redis = installation.redis()) {
            redis.hincrBy(
                    RedisKeys.values(shard, "traffic.page_view", window, bucket.getEpochSecond()),
                    RedisKeys.field(by, "page_views"),
                    pageViews);
            redis.sadd(
                    RedisKeys.members(shard, "traffic.page_view", window, bucket.getEpochSecond(), "visitors", by),
                    visitors);
        }
    }

    private static void asOf(String at) {
        try (RedisClient redis = installation.redis()) {
            redis.hset(
                    RedisKeys.asOf("traffic.access_log"),
                    "at",
                    Long.toString(Instant.parse(at).toEpochMilli()));
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException(answer.body(), e);
        }
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", installation.server.port());
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            out.write(request.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
