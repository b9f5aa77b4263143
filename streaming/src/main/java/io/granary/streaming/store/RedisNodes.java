package io.granary.streaming.store;

import io.granary.warehouse.config.RedisAddress;
import io.granary.warehouse.redis.RedisKeys;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;
import redis.clients.jedis.util.JedisURIHelper;
import redis.clients.jedis.util.SafeEncoder;

/** A Redis or a Redis Cluster. */
public final class RedisNodes implements AutoCloseable {
    private static final int CONNECTIONS = 32;
    /** A pipeline does not follow a shard to another node: it has to know. */
    private static final Duration TOPOLOGY = Duration.ofSeconds(2);

    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final UnifiedJedis commands;
    private final String address;

    private RedisNodes(UnifiedJedis commands, String address) {
        this.commands = commands;
        this.address = address;
    }

    /**
     * Prepares connections; a single Redis is not asked before the first command.
     *
     * @param answer how long an answer may take before the connection counts as dead; what was sent may have been done
     * @throws JedisException when no node of a cluster can be reached
     */
    public static RedisNodes open(RedisAddress address, Duration answer) {
        JedisClientConfig config = DefaultJedisClientConfig.builder(
                        address.nodes().get(0))
                .connectionTimeoutMillis(Math.toIntExact(CONNECT.toMillis()))
                .socketTimeoutMillis(Math.toIntExact(answer.toMillis()))
                .build();
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMaxWait(answer);
        Set<HostAndPort> nodes = new LinkedHashSet<>();
        for (URI node : address.nodes()) {
            nodes.add(JedisURIHelper.getHostAndPort(node));
        }
        UnifiedJedis commands = address.isCluster()
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
        return new RedisNodes(commands, address.toString());
    }

    /** All commands that name a key, or a pipeline of them. */
    public UnifiedJedis commands() {
        return commands;
    }

    /** Shards by the connection that they share; in a cluster each has its own, as they lie on different nodes. */
    List<List<Integer>> lanes() {
        List<Integer> shards = IntStream.range(0, RedisKeys.SHARDS).boxed().toList();
        return commands instanceof RedisClusterClient
                ? shards.stream().map(List::of).toList()
                : List.of(shards);
    }

    /** A connection to the node that has a shard; to be closed. */
    Connection connection(int shard) {
        return commands instanceof RedisClusterClient cluster
                ? cluster.getConnectionFromSlot(JedisClusterCRC16.getSlot(RedisKeys.fence(shard, "")))
                : ((RedisClient) commands).getPool().getResource();
    }

    /** Drops idle connections: those to a server that was restarted are dead. */
    void forgetConnections() {
        if (commands instanceof RedisClusterClient cluster) {
            cluster.getClusterNodes().values().forEach(ConnectionPool::clear);
        } else {
            ((RedisClient) commands).getPool().clear();
        }
    }

    /** A section of every node's {@code INFO}; of a cluster's replicas too. */
    List<String> info(String section) {
        if (!(commands instanceof RedisClusterClient cluster)) {
            return List.of(commands.info(section));
        }
        List<String> infos = new ArrayList<>();
        for (ConnectionPool pool : cluster.getClusterNodes().values()) {
            try (Connection node = pool.getResource()) {
                node.sendCommand(Protocol.Command.INFO, section);
                infos.add(SafeEncoder.encode((byte[]) node.getOne()));
            }
        }
        return infos;
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return address;
    }

    @Override
    public void close() {
        commands.close();
    }
}
