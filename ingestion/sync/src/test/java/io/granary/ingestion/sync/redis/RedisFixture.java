package io.granary.ingestion.sync.redis;

import io.granary.warehouse.config.LoopbackPort;
import java.io.IOException;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;

/** A real Redis of its own, on loopback, that keeps nothing. */
public final class RedisFixture implements AutoCloseable {
    private final RedisServer server;
    private final int port = LoopbackPort.anyFree();

    public RedisFixture() throws IOException {
        this("");
    }

    /** @param password who does not say it is not let in; empty: everybody is */
    public RedisFixture(String password) throws IOException {
        server = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .setting("requirepass \"" + password + "\"")
                .build();
        server.start();
    }

    /** A client of its own. */
    public RedisClient client() {
        return RedisClient.create("127.0.0.1", port);
    }

    public int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        server.stop();
    }
}
