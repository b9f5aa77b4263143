package io.granary.serving;

import io.granary.warehouse.config.RedisAddress;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

/** Redis, where the streaming job keeps the counters. Every fault of it becomes one EXTERNAL error that names it. */
final class CounterStore implements AutoCloseable {
    private static final int CONNECTIONS = 32;
    private static final int TIMEOUT_MS = 2_000;
    /** A pipeline does not follow a shard to another node: it has to know. */
    private static final Duration TOPOLOGY = Duration.ofSeconds(2);

    private final UnifiedJedis client;
    private final RedisAddress address;

    private CounterStore(UnifiedJedis client, RedisAddress address) {
        this.client = client;
        this.address = address;
    }

    /** Opens a pool; nothing is connected before the first read, except to a cluster. */
    static CounterStore connect(RedisAddress address) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMaxWait(Duration.ofMillis(TIMEOUT_MS));
        JedisClientConfig config = DefaultJedisClientConfig.builder(
                        address.nodes().get(0))
                .timeoutMillis(TIMEOUT_MS)
                .build();
        Set<HostAndPort> nodes =
                address.nodes().stream().map(JedisURIHelper::getHostAndPort).collect(Collectors.toSet());
        try {
            UnifiedJedis client = address.isCluster()
                    ? RedisClusterClient.builder()
                            .nodes(nodes)
                            .clientConfig(config)
                            .poolConfig(pool)
                            .topologyRefreshPeriod(TOPOLOGY)
                            .build()
                    : RedisClient.builder()
                            .hostAndPort(nodes.iterator().next())
                            .clientConfig(config)
                            .poolConfig(pool)
                            .build();
            return new CounterStore(client, address);
        } catch (JedisException e) {
            throw unavailable(address, e);
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
                forgetConnections();
                return once(commands);
            }
        } catch (JedisException e) {
            throw unavailable(e);
        }
    }

    /** Runs {@code first} and then {@code commands}; as one round trip, but on a cluster, whose nodes answer in any order. */
    <T> T inOrder(Consumer<AbstractPipeline> first, Function<AbstractPipeline, T> commands) {
        if (address.isCluster()) {
            pipelined(pipeline -> {
                first.accept(pipeline);
                return null;
            });
            return pipelined(commands);
        }
        return pipelined(pipeline -> {
            first.accept(pipeline);
            return commands.apply(pipeline);
        });
    }

    private void forgetConnections() {
        if (client instanceof RedisClusterClient cluster) {
            cluster.getClusterNodes().values().forEach(ConnectionPool::clear);
        } else {
            ((RedisClient) client).getPool().clear();
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
    GranaryException unavailable(RuntimeException e) {
        return unavailable(address, e);
    }

    private static GranaryException unavailable(RedisAddress address, RuntimeException e) {
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "Redis at " + address + ", which holds the counters, does not answer (" + e.getMessage()
                        + "). Try again; `granary status` shows its state.",
                e);
    }
}
