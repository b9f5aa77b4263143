package io.granary.streaming.verbs;

import io.granary.streaming.store.RedisFixture;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.manifest.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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

    /** What a verb printed, and its exit code. */
    record Said(int code, String out, String err) {}

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
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream saidOut = new ByteArrayOutputStream();
        ByteArrayOutputStream saidErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(saidOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(saidErr, true, StandardCharsets.UTF_8));
            int code = Commands.run(new CountersCommand(KAFKA_PATIENCE), all.toArray(String[]::new));
            return new Said(code, saidOut.toString(StandardCharsets.UTF_8), saidErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
