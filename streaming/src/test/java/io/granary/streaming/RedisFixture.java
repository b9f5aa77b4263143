package io.granary.streaming;

import io.granary.warehouse.config.LoopbackPort;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;

/** A real Redis of its own, on loopback, that keeps nothing. */
final class RedisFixture implements AutoCloseable {
    final RedisClient redis;
    private final RedisServer server;

    RedisFixture() throws IOException {
        int port = LoopbackPort.anyFree();
        server = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        redis = RedisClient.create("127.0.0.1", port);
    }

    Checkpoint checkpoint(Path folder) {
        return new Checkpoint(folder.toUri().toString(), new Configuration());
    }

    @Override
    public void close() throws IOException {
        redis.close();
        server.stop();
    }
}
