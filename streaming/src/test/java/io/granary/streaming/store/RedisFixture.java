package io.granary.streaming.store;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.config.RedisAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

    @Override
    public void close() throws IOException {
        nodes.close();
        redis.close();
        server.stop();
    }
}
