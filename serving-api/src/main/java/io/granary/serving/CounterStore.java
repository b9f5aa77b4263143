package io.granary.serving;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.function.Function;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

/** Redis, where the streaming job keeps the counters. Every fault of it becomes one EXTERNAL error that names it. */
final class CounterStore implements AutoCloseable {
    private static final int CONNECTIONS = 32;
    private static final int TIMEOUT_MS = 2_000;

    private final RedisClient client;
    private final String address;

    private CounterStore(RedisClient client, String address) {
        this.client = client;
        this.address = address;
    }

    /** Opens a pool; nothing is connected before the first read. */
    static CounterStore connect(String url) {
        try {
            URI uri = new URI(url);
            if (!JedisURIHelper.isValid(uri)) {
                throw badUrl(null);
            }
            ConnectionPoolConfig pool = new ConnectionPoolConfig();
            pool.setMaxTotal(CONNECTIONS);
            pool.setMaxIdle(CONNECTIONS);
            pool.setMaxWait(Duration.ofMillis(TIMEOUT_MS));
            RedisClient client = RedisClient.builder()
                    .clientConfig(DefaultJedisClientConfig.builder(uri)
                            .timeoutMillis(TIMEOUT_MS)
                            .build())
                    .hostAndPort(JedisURIHelper.getHostAndPort(uri))
                    .poolConfig(pool)
                    .build();
            return new CounterStore(client, JedisURIHelper.getHostAndPort(uri).toString());
        } catch (URISyntaxException e) {
            throw badUrl(e);
        }
    }

    /**
     * Runs {@code commands} as one round trip.
     *
     * @return what {@code commands} returned; its responses are complete
     * @throws GranaryException EXTERNAL when Redis is down, busy loading or refuses
     */
    <T> T pipelined(Function<AbstractPipeline, T> commands) {
        try {
            try {
                return once(commands);
            } catch (JedisConnectionException e) {
                // Redis may have been restarted: the idle connections are then dead. Reading may be repeated.
                client.getPool().clear();
                return once(commands);
            }
        } catch (JedisException e) {
            throw unavailable(e);
        }
    }

    private <T> T once(Function<AbstractPipeline, T> commands) {
        try (AbstractPipeline pipeline = client.pipelined()) {
            T responses = commands.apply(pipeline);
            pipeline.sync();
            return responses;
        }
    }

    /** Asks for a sign of life; a read, because a Redis that is still loading answers a PING. */
    void ping() {
        pipelined(pipeline -> pipeline.exists("g:ping"));
    }

    @Override
    public void close() {
        client.close();
    }

    /** The error a caller sees; also for a response of a pipeline that is read after it. */
    GranaryException unavailable(JedisException e) {
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "Redis at " + address + ", which holds the counters, does not answer (" + e.getMessage()
                        + "). Try again; `granary status` shows its state.",
                e);
    }

    private static GranaryException badUrl(Exception cause) {
        return new GranaryException(
                ErrorCode.DEFINITION,
                "the profile's redis is no address of a Redis. Write it as redis://127.0.0.1:6379.",
                cause);
    }
}
