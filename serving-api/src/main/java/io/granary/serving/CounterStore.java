package io.granary.serving;

import io.granary.warehouse.config.RedisAddress;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.CounterReads;
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
final class CounterStore implements CounterReads, AutoCloseable {
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

    /** @throws GranaryException EXTERNAL, also when an answer is read, when Redis is down, busy loading or refuses */
    @Override
    public <T> T inOneRound(Function<Round, T> questions) {
        try {
            try {
                return once(questions);
            } catch (JedisConnectionException e) {
                // Redis may have been restarted: the idle connections are then dead. Reading may be repeated.
                forgetConnections();
                return once(questions);
            }
        } catch (JedisException e) {
            throw unavailable(e);
        }
    }

    /** Asks {@code first} and then {@code questions}; in one round trip, but on a cluster, whose nodes answer in any order. */
    <T> T inOrder(Consumer<Round> first, Function<Round, T> questions) {
        if (address.isCluster()) {
            inOneRound(round -> {
                first.accept(round);
                return null;
            });
            return inOneRound(questions);
        }
        return inOneRound(round -> {
            first.accept(round);
            return questions.apply(round);
        });
    }

    private void forgetConnections() {
        if (client instanceof RedisClusterClient cluster) {
            cluster.getClusterNodes().values().forEach(ConnectionPool::clear);
        } else {
            ((RedisClient) client).getPool().clear();
        }
    }

    private <T> T once(Function<Round, T> questions) {
        try (AbstractPipeline pipeline = client.pipelined()) {
            T asked = questions.apply(new RedisRound(pipeline, this::unavailable));
            pipeline.sync();
            return asked;
        }
    }

    /** Asks for a sign of life; a read, because a Redis that is still loading answers a PING. */
    void ping() {
        inOneRound(round -> round.members("g:ping"));
    }

    @Override
    public void close() {
        client.close();
    }

    private GranaryException unavailable(RuntimeException e) {
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
