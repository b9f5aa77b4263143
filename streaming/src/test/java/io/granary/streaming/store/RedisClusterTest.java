package io.granary.streaming.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.warehouse.config.RedisAddress;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClusterResetType;
import redis.clients.jedis.params.MigrateParams;
import redis.clients.jedis.util.JedisClusterCRC16;

/** A Redis Cluster of three real nodes, each with a third of the slots. */
class RedisClusterTest {
    private static final int SLOTS = 16_384;

    @TempDir
    Path folder;

    private final List<RedisProcess> servers = new ArrayList<>();
    private RedisNodes nodes;

    @BeforeEach
    void start() throws IOException {
        for (int i = 0; i < 3; i++) {
            servers.add(RedisProcess.ofCluster(folder.resolve("node-" + i)));
        }
        for (int i = 0; i < 3; i++) {
            try (Jedis jedis = servers.get(i).jedis()) {
                jedis.clusterReset(ClusterResetType.SOFT);
                jedis.clusterAddSlots(
                        IntStream.range(i * SLOTS / 3, (i + 1) * SLOTS / 3).toArray());
                jedis.clusterSetConfigEpoch(i + 1L);
                jedis.clusterMeet("127.0.0.1", servers.get(0).port);
            }
        }
        for (RedisProcess server : servers) {
            try (Jedis jedis = server.jedis()) {
                while (!jedis.clusterInfo().contains("cluster_state:ok")
                        || !jedis.clusterInfo().contains("cluster_slots_ok:16384")) {
                    RedisProcess.pause(20);
                }
            }
        }
        String address = servers.stream().map(s -> "127.0.0.1:" + s.port).collect(Collectors.joining(","));
        nodes = RedisNodes.open(RedisAddress.parse("redis+cluster://" + address), Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        nodes.close();
        servers.forEach(RedisProcess::close);
    }

    @Test
    void countersLieOnAllNodesAreCountedOnceAndWipedOnAll() {
        CountingJob job = job();
        job.batches(5);

        Counted.assertSame(nodes.commands(), job.expected());
        for (RedisProcess server : servers) {
            try (Jedis jedis = server.jedis()) {
                assertThat(jedis.dbSize()).isPositive();
            }
        }
        new CounterKeys(nodes.commands(), new RedisRetry(Duration.ZERO))
                .remove(
                        List.of(RandomDeltas.COUNTER),
                        (shard, keys) -> nodes.commands().unlink(keys.toArray(String[]::new)));
        assertThat(Counted.of(nodes.commands())).isEmpty();
    }

    @Test
    void aShardThatMovesToAnotherNodeIsFollowed() {
        CountingJob job = job();
        job.batches(2);
        for (int shard = 0; shard < RedisKeys.SHARDS; shard += 3) {
            move(JedisClusterCRC16.getSlot(RedisKeys.fence(shard, "")));
            job.batch();
        }

        Counted.assertSame(nodes.commands(), job.expected());
        assertThat(job.rebuilt + job.mended).isZero();
    }

    @Test
    void aNodeThatComesBackEmptyIsNoticedThoughTheOthersKeepTheirs() throws IOException {
        CountingJob job = job();
        job.batches(3);
        servers.get(1).kill();
        servers.get(1).start();
        job.batch();

        Counted.assertSame(nodes.commands(), job.expected());
        assertThat(job.rebuilt).isPositive();
    }

    private CountingJob job() {
        Checkpoint checkpoint =
                new Checkpoint(folder.resolve("checkpoint").toUri().toString(), new Configuration());
        return new CountingJob(checkpoint, nodes, new RedisRetry(Duration.ofSeconds(30)), 1, 3);
    }

    /** Moves a slot with its keys to the next node, as {@code redis-cli --cluster reshard} does. */
    private void move(int slot) {
        int from = IntStream.range(0, 3).filter(i -> owns(i, slot)).findFirst().orElseThrow();
        int to = (from + 1) % 3;
        try (Jedis source = servers.get(from).jedis();
                Jedis target = servers.get(to).jedis()) {
            target.clusterSetSlotImporting(slot, source.clusterMyId());
            source.clusterSetSlotMigrating(slot, target.clusterMyId());
            List<String> keys = source.clusterGetKeysInSlot(slot, 10_000);
            source.migrate("127.0.0.1", servers.get(to).port, 5000, new MigrateParams(), keys.toArray(String[]::new));
            target.clusterSetSlotNode(slot, target.clusterMyId());
            source.clusterSetSlotNode(slot, target.clusterMyId());
        }
    }

    private boolean owns(int node, int slot) {
        try (Jedis jedis = servers.get(node).jedis()) {
            return jedis.clusterSlots().stream()
                    .map(range -> (List<?>) range)
                    .filter(range -> (Long) range.get(0) <= slot && slot <= (Long) range.get(1))
                    .anyMatch(range -> ((List<?>) range.get(2)).get(1).equals((long) servers.get(node).port));
        }
    }
}
