package io.granary.streaming.store;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.config.RedisAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;

/** A real Redis of its own, on loopback, that keeps nothing. */
public final class RedisFixture implements AutoCloseable {
    public final RedisClient redis;
    public final RedisNodes nodes;
    private final RedisServer server;

    public RedisFixture() throws IOException {
        int port = LoopbackPort.anyFree();
        server = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        redis = RedisClient.create("127.0.0.1", port);
        nodes = RedisNodes.open(RedisAddress.parse("redis://127.0.0.1:" + port), Duration.ofSeconds(5));
    }

    public Checkpoint checkpoint(Path folder) {
        return new Checkpoint(folder.toUri().toString(), new Configuration());
    }

    /** All keys as they are now. */
    public Map<byte[], byte[]> dumps() {
        Map<byte[], byte[]> dumps = new LinkedHashMap<>();
        redis.keys("*".getBytes(StandardCharsets.UTF_8)).forEach(key -> dumps.put(key, redis.dump(key)));
        return dumps;
    }

    /** Back to what {@link #dumps} returned, as a Redis that loads an older dump; lifetimes are lost. */
    public void restore(Map<byte[], byte[]> dumps) {
        redis.flushAll();
        dumps.forEach((key, dump) -> redis.restore(key, 0, dump));
    }

    @Override
    public void close() throws IOException {
        nodes.close();
        redis.close();
        server.stop();
    }
}
