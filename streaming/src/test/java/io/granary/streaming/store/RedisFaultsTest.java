package io.granary.streaming.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.count.BatchStep;
import io.granary.warehouse.config.RedisAddress;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** What can befall a real Redis; behind each the counters are those of a plain program. */
class RedisFaultsTest {
    private static final Duration ANSWER = Duration.ofMillis(400);

    @TempDir
    Path folder;

    private RedisProcess redis;
    private SwallowingProxy network;
    private RedisNodes nodes;
    private final ExecutorService aside = Executors.newSingleThreadExecutor();

    @BeforeEach
    void start() throws IOException {
        redis = new RedisProcess(folder.resolve("redis"));
        network = new SwallowingProxy(redis.port);
        nodes = RedisNodes.open(RedisAddress.parse("redis://127.0.0.1:" + network.port), ANSWER);
    }

    @AfterEach
    void stop() throws IOException {
        aside.shutdownNow();
        nodes.close();
        network.close();
        redis.close();
    }

    @Test
    void aRedisThatIsKilledAndReadsItsFileAgainIsWaitedFor() throws IOException {
        redis.kill();
        redis.start("--appendonly", "yes", "--appendfsync", "always");
        CountingJob job = job(20);
        job.batches(2);
        Future<?> going = aside.submit(() -> job.batches(30));
        RedisProcess.pause(50);
        redis.kill();
        redis.start("--appendonly", "yes", "--appendfsync", "always", "--key-load-delay", "100");
        done(going);

        assertCounted(job, 0, 0);
    }

    @Test
    void aRedisThatAnswersLoadingIsWaitedFor() throws IOException {
        AtomicInteger waits = new AtomicInteger();
        CountingJob job = new CountingJob(
                checkpoint(), nodes, new RedisRetry(Duration.ofMinutes(2), waits::incrementAndGet), 1, 20);
        job.batches(3);
        try (Jedis jedis = redis.jedis()) {
            jedis.sendCommand(
                    () -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "POPULATE", "300", "ballast", "100000");
            jedis.configSet("rdbcompression", "no");
            jedis.save();
        }
        redis.kill();
        // some 6 s, with a look at what is asked every 2 MB
        redis.start("--key-load-delay", "20000");
        try (Jedis jedis = redis.jedis()) {
            assertThatThrownBy(() -> jedis.get("any")).hasMessageStartingWith("LOADING");
        }
        job.batches(2);
        assertThat(waits).hasPositiveValue();

        assertCounted(job, 0, 0);
    }

    @Test
    void aRedisThatComesBackEmptyIsCountedAnew() throws IOException {
        CountingJob job = job(20);
        job.batches(3);
        redis.kill();
        redis.start();
        job.check();

        assertCounted(job, 0, 1);
        job.batch();
        redis.kill();
        redis.start();
        job.start();
        assertCounted(job, 0, 2);
    }

    @Test
    void anOlderDumpIsMendedFromTheStoredDeltasOrCountedAnew() throws IOException {
        CountingJob job = job(3);
        job.batches(3);
        save();
        job.batches(3);
        redis.kill();
        redis.start();
        job.check();
        assertCounted(job, 1, 0);

        save();
        job.batches(5);
        redis.kill();
        redis.start();
        job.batch();
        assertCounted(job, 1, 1);
    }

    @Test
    void aReplicaThatLagsIsWaitedForWhileItIsOneAndMendedWhenItIsMaster() throws IOException {
        try (SwallowingProxy between = new SwallowingProxy(redis.port);
                RedisProcess replica = new RedisProcess(folder.resolve("replica"));
                Jedis there = replica.jedis()) {
            CountingJob job = job(20);
            job.batches(3);
            there.replicaof("127.0.0.1", between.port);
            while (!there.info("replication").contains("master_link_status:up")) {
                RedisProcess.pause(20);
            }
            job.batch();
            between.swallow(true, true);
            job.batches(4);
            redis.kill();
            network.lead(replica.port);
            Future<?> going = aside.submit(() -> job.batches(2));
            RedisProcess.pause(600);
            assertThat(going).isNotDone();
            there.replicaofNoOne();
            done(going);

            assertCounted(job, 1, 0);
        }
    }

    @Test
    void aRedisWithoutMemoryIsWaitedForThenNamed() {
        CountingJob job = job(20);
        job.batches(2);
        configure("maxmemory", "100kb");
        Future<?> going = aside.submit(() -> job.batches(2));
        RedisProcess.pause(500);
        assertThat(going).isNotDone();
        configure("maxmemory", "0");
        done(going);
        assertCounted(job, 0, 0);

        configure("maxmemory", "100kb");
        CounterStore impatient = new CounterStore(
                CountingJob.QUERY, checkpoint(), nodes, new RedisRetry(Duration.ZERO), Clock.systemUTC());
        assertThatThrownBy(() -> impatient.apply(job.newest() + 1, Slices.of(List.of(), 1), BatchStep.Observer.NONE))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("OOM")
                .hasMessageContaining("raise its maxmemory")
                .hasMessageContaining("goes on from here by itself");
    }

    @Test
    void aRedisThatCannotWriteItsDumpIsWaitedFor() throws IOException {
        CountingJob job = job(20);
        job.batches(2);
        Path taken = Files.createDirectories(redis.folder.resolve("taken/by a folder"))
                .getParent();
        configure("dbfilename", "taken");
        configure("save", "3600 1");
        try (Jedis jedis = redis.jedis()) {
            jedis.bgsave();
            while (!jedis.info("persistence").contains("rdb_last_bgsave_status:err")) {
                RedisProcess.pause(20);
            }
            Future<?> going = aside.submit(() -> job.batches(2));
            RedisProcess.pause(500);
            assertThat(going).isNotDone();
            Files.delete(taken.resolve("by a folder"));
            Files.delete(taken);
            jedis.bgsave();
            done(going);
        }

        assertCounted(job, 0, 0);
    }

    @Test
    void aConnectionThatSwallowsAnswersOrQuestionsCountsOnce() {
        CountingJob job = job(20);
        job.batches(2);
        for (boolean hasQuestions : new boolean[] {true, false}) {
            // what was sent is applied, or not: nobody here knows
            network.swallow(hasQuestions, !hasQuestions);
            Future<?> going = aside.submit(() -> job.batches(3));
            RedisProcess.pause(600);
            assertThat(going).isNotDone();
            network.swallow(false, false);
            done(going);
            assertCounted(job, 0, 0);
        }
    }

    private CountingJob job(int kept) {
        return new CountingJob(checkpoint(), nodes, new RedisRetry(Duration.ofSeconds(20)), 1, kept);
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(folder.resolve("checkpoint").toUri().toString(), new Configuration());
    }

    private void assertCounted(CountingJob job, int mended, int rebuilt) {
        try (RedisNodes now =
                RedisNodes.open(RedisAddress.parse("redis://127.0.0.1:" + network.port), Duration.ofSeconds(5))) {
            Counted.assertSame(now.commands(), job.expected());
            Map<String, String> asOf = now.commands().hgetAll(RedisKeys.asOf(CountingJob.QUERY));
            assertThat(asOf).containsEntry("state", "ok").containsEntry("batch", "" + job.newest());
        }
        assertThat(job.mended).as("mended").isEqualTo(mended);
        assertThat(job.rebuilt).as("rebuilt").isEqualTo(rebuilt);
    }

    private void configure(String setting, String value) {
        try (Jedis jedis = redis.jedis()) {
            jedis.configSet(setting, value);
        }
    }

    private void save() {
        try (Jedis jedis = redis.jedis()) {
            jedis.save();
        }
    }

    private static void done(Future<?> going) {
        try {
            going.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
