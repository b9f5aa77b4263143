package io.granary.serving;

import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.config.RedisAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;

/** A server with a real Redis, the manifest of docs/contracts.md, and a share database that is down. */
final class Installation implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");

    final int redisPort = LoopbackPort.anyFree();
    final Path home;
    final ApiServer server;
    final ShareDatabases databases;

    private final CounterStore store;
    private final HttpClient http = HttpClient.newHttpClient();
    private RedisServer redis;

    Installation(Path home) throws IOException {
        this.home = home;
        Files.createDirectories(home.resolve("target"));
        Files.writeString(manifestFile(), contractManifest());
        Files.writeString(home.resolve("profile.yaml"), profile(redisPort, LoopbackPort.anyFree()));
        startRedis();
        store = CounterStore.connect(RedisAddress.parse("redis://127.0.0.1:" + redisPort));
        databases = new ShareDatabases(Profile.load(home.resolve("profile.yaml"), Map.of()));
        LiveManifest manifest = new LiveManifest(manifestFile());
        server = new ApiServer(
                manifest,
                new Counters(manifest, store),
                new Reports(manifest, databases),
                new Health(store, databases, "share", Clock.fixed(NOW, ZoneOffset.UTC)));
        server.start(0);
    }

    Path manifestFile() {
        return home.resolve("target/manifest.json");
    }

    /** The contract's example, its counter with one more window. */
    static String contractManifest() throws IOException {
        String contracts = Files.readString(Path.of("../docs/contracts.md"));
        Matcher block = Pattern.compile("```json contract:manifest\n(.*?)```", Pattern.DOTALL)
                .matcher(contracts);
        if (!block.find()) {
            throw new IllegalStateException("docs/contracts.md has no block contract:manifest");
        }
        return block.group(1).replace("[\"1m\", \"1d\"]", "[\"1m\", \"1d\", \"total\"]");
    }

    static String profile(int redisPort, int sharePort) {
        return """
                redis: redis://127.0.0.1:%d
                api: http://127.0.0.1:1
                connections:
                  share: {host: 127.0.0.1, port: %d, database: share, user: granary, password: secret-of-the-test}
                """.formatted(redisPort, sharePort);
    }

    void startRedis() throws IOException {
        redis = RedisServer.newRedisServer()
                .port(redisPort)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        redis.start();
    }

    void stopRedis() throws IOException {
        redis.stop();
    }

    RedisClient redis() {
        return RedisClient.create("127.0.0.1", redisPort);
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    @Override
    public void close() throws IOException {
        server.close();
        databases.close();
        store.close();
        redis.stop();
    }
}
