package io.granary.streaming.verbs;

import io.granary.streaming.Said;
import io.granary.streaming.store.RedisFixture;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;

/** A compiled project, a real Redis, no Kafka, and what {@code granary counters} says of them. */
final class CountersScene implements AutoCloseable {
    private static final Duration KAFKA_PATIENCE = Duration.ofMillis(200);

    final UnifiedJedis redis;
    final String kafka = "127.0.0.1:" + LoopbackPort.anyFree();
    private final RedisFixture server;
    private final Home home;

    CountersScene(Path folder, Manifest manifest) throws IOException {
        server = new RedisFixture();
        redis = server.redis;
        home = new Home(folder);
        manifest.write(home.manifest());
        profile(server.nodes.toString());
    }

    private void profile(String address) throws IOException {
        Files.writeString(home.profile(), "redis: " + address + "\nkafka: " + kafka + "\n");
    }

    /** What the verb says while nobody listens where the profile has Redis. */
    Said saidWithoutRedis(String... arguments) throws IOException {
        profile("redis://127.0.0.1:" + LoopbackPort.anyFree());
        try {
            return said(arguments);
        } finally {
            profile(server.nodes.toString());
        }
    }

    Said said(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", home.root().toString()));
        return Said.by(new CountersCommand(KAFKA_PATIENCE), all.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
