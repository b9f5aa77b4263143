package io.granary.streaming.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.warehouse.config.RedisAddress;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/**
 * Faults at random points while a job counts and a reader reads: the counters become those of a plain program, and no number
 * that was read goes down unless that is announced. {@code -Pfaults} has hundreds of them.
 */
class RedisCampaignTest {
    private static final int FAULTS = Integer.getInteger("granary.faults.redis", 5);
    private static final long SEED = Long.getLong("granary.faults.redis.seed", 3);
    /** Far beyond what it takes, as a machine may be busy; the longest is told. */
    private static final int MOST_SECONDS = 180;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private RedisProcess redis;
    private SwallowingProxy network;
    private long longest;

    @Test
    void everyCounterBecomesTheTruth() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        redis = new RedisProcess(folder.resolve("redis"), "--appendonly", "no");
        network = new SwallowingProxy(redis.port);
        try (RedisNodes nodes =
                RedisNodes.open(RedisAddress.parse("redis://127.0.0.1:" + network.port), Duration.ofMillis(500))) {
            Checkpoint checkpoint =
                    new Checkpoint(folder.resolve("checkpoint").toUri().toString(), new Configuration());
            CountingJob job =
                    new CountingJob(checkpoint, nodes, new RedisRetry(Duration.ofSeconds(MOST_SECONDS)), SEED, 10);
            AtomicBoolean isOver = new AtomicBoolean();
            SteadyReader reader = new SteadyReader(
                    network.port,
                    CountingJob.QUERY,
                    shard -> List.of(RedisKeys.values(shard, RandomDeltas.COUNTER, "total", 0)));
            Future<?> watching = threads.submit(() -> reader.read(isOver));
            for (int fault = 0; fault < FAULTS; fault++) {
                Future<?> counting = threads.submit(() -> job.batches(10));
                RedisProcess.pause(random.nextInt(60));
                String what = befall();
                long begin = System.nanoTime();
                done(counting, what);
                threads.submit(job::check).get(MOST_SECONDS, TimeUnit.SECONDS);
                Counted.assertSame(nodes.commands(), job.expected());
                longest = Math.max(longest, System.nanoTime() - begin);
                if (fault % 50 == 49) {
                    tell(fault + 1, job, reader);
                }
            }
            isOver.set(true);
            watching.get();
            assertThat(reader.reads()).isPositive();
            tell(FAULTS, job, reader);
        } finally {
            threads.shutdownNow();
            network.close();
            redis.close();
        }
    }

    private void tell(int faults, CountingJob job, SteadyReader reader) {
        System.err.printf(
                "%d faults: mended %d times, rebuilt %d times, true after %d ms at most, %d reads%n",
                faults, job.mended, job.rebuilt, TimeUnit.NANOSECONDS.toMillis(longest), reader.reads());
    }

    private static void done(Future<?> counting, String fault) throws InterruptedException, ExecutionException {
        try {
            counting.get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("behind " + fault + " it did not count within " + MOST_SECONDS + " s", e);
        }
    }

    private String befall() throws IOException {
        switch (random.nextInt(6)) {
            case 0 -> {
                redis.kill();
                java.nio.file.Files.deleteIfExists(redis.folder.resolve("dump.rdb"));
                redis.start();
                return "a restart without data";
            }
            case 1 -> {
                try (Jedis jedis = redis.jedis()) {
                    jedis.save();
                }
                RedisProcess.pause(random.nextInt(60));
                redis.kill();
                redis.start();
                return "a restart with an older dump";
            }
            case 2 -> {
                boolean hasQuestions = random.nextBoolean();
                network.swallow(hasQuestions, !hasQuestions);
                RedisProcess.pause(random.nextInt(800));
                network.swallow(false, false);
                return "a connection that swallows";
            }
            case 3 -> {
                configure("100kb");
                RedisProcess.pause(random.nextInt(300));
                configure("0");
                return "no memory";
            }
            case 4 -> {
                network.lead(redis.port);
                return "broken connections";
            }
            default -> {
                failOver(random.nextInt(60));
                return "a fail-over to a replica";
            }
        }
    }

    /** The replica stops to follow, the master goes on for a while and dies, the replica takes its place. */
    private void failOver(int lag) throws IOException {
        RedisProcess replica = new RedisProcess(folder.resolve("redis-" + random.nextInt()), "--appendonly", "no");
        try (Jedis there = replica.jedis();
                SwallowingProxy between = new SwallowingProxy(redis.port)) {
            there.replicaof("127.0.0.1", between.port);
            while (!there.info("replication").contains("master_link_status:up")) {
                RedisProcess.pause(10);
            }
            between.swallow(true, true);
            RedisProcess.pause(lag);
            redis.close();
            network.lead(replica.port);
            RedisProcess.pause(lag);
            there.replicaofNoOne();
        }
        redis = replica;
    }

    private void configure(String maxmemory) {
        try (Jedis jedis = redis.jedis()) {
            jedis.configSet("maxmemory", maxmemory);
        }
    }
}
