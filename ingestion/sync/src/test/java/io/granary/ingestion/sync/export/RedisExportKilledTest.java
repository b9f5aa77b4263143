package io.granary.ingestion.sync.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.redis.HaltingLine;
import io.granary.ingestion.sync.redis.PipelinedHashes;
import io.granary.ingestion.sync.redis.RedisFixture;
import io.granary.tablestore.testing.ChildProcess;
import io.granary.warehouse.redis.AttributeVersion;
import io.granary.warehouse.redis.Attributes;
import io.granary.warehouse.redis.RedisKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/**
 * An export into Redis is killed as by `kill -9`, here and there. Readers see one version, the old or the new; the next run
 * completes, and leaves no key that is not read or about to expire.
 */
class RedisExportKilledTest {
    private static final String DS = "2026-11-01";
    private static final String PREFIX = "visitor";
    private static final int ROWS = 5000;
    /** What the export of a day says to Redis, in bytes, is some more than this. */
    private static final int BYTES = 400_000;

    private static final int RANDOM_KILLS = Integer.getInteger("granary.faults.redis_exports", 1);
    private static final String SWITCH = "local before = redis.call";

    @TempDir
    Path home;

    private RedisFixture server;
    private RedisClient redis;
    private int run;

    @BeforeEach
    void start() throws Exception {
        server = new RedisFixture();
        redis = server.client();
        build();
        assertThat(export().rows()).isEqualTo(ROWS);
        onlyWhatIsRead();
    }

    @AfterEach
    void stop() throws Exception {
        redis.close();
        server.close();
    }

    @Test
    void beforeTheSwitchReadersHaveTheOldVersionAndTheNextRunBeginsAnew() throws Exception {
        killed(HaltingLine.before(server.port(), SWITCH), false);
        Random random = new Random(7);
        for (int i = 0; i < RANDOM_KILLS; i++) {
            killed(HaltingLine.at(server.port(), random.nextInt(BYTES)), false);
        }
    }

    @Test
    void behindTheSwitchReadersHaveTheNewVersionAndTheNextRunTidiesUp() throws Exception {
        killed(HaltingLine.behind(server.port(), SWITCH), true);
        killed(HaltingLine.before(server.port(), "ZREM"), true);
    }

    private void build() throws Exception {
        run++;
        exported().build(DS, Exported.run(run), ROWS, run);
    }

    private Exported exported() throws Exception {
        return Exported.intoRedis(home, server.port());
    }

    private io.granary.ingestion.sync.JobRun.Outcome export() throws Exception {
        Exported exported = exported();
        exported.publish(DS, Exported.run(run));
        return exported.export(DS, false, Long.MAX_VALUE);
    }

    /** A version is brought until the line halts and its process is killed, then brought again. */
    private void killed(HaltingLine line, boolean switched) throws Exception {
        build();
        String old = Integer.toString(run - 1);
        String fresh = Integer.toString(run);
        Set<Set<String>> seen = ConcurrentHashMap.newKeySet();
        boolean[] stop = {false};
        Thread reader = new Thread(() -> {
            try (RedisClient own = server.client()) {
                while (!stop[0]) {
                    seen.add(hits(own));
                }
            }
        });
        reader.start();
        try (line) {
            ChildProcess child = ChildProcess.start(
                    KilledRedisExport.class,
                    home,
                    home.toString(),
                    Integer.toString(line.port()),
                    DS,
                    Exported.run(run));
            boolean there = line.awaitHalt(60);
            child.kill();
            assertThat(there)
                    .as(Files.readString(home.resolve("KilledRedisExport.err")))
                    .isTrue();
        }
        Set<String> now = hits(redis);
        assertThat(now).containsExactly(switched ? fresh : old);
        // as after the 30 s that the lock of a killed process stands
        redis.pexpire(RedisKeys.attributesState(PREFIX, "lock"), 1);
        assertThat(export().rows()).isEqualTo(switched ? 0 : ROWS);
        stop[0] = true;
        reader.join();
        assertThat(seen).isSubsetOf(Set.of(old), Set.of(fresh)).contains(Set.of(old));
        assertThat(hits(redis)).containsExactly(fresh);
        onlyWhatIsRead();
    }

    /** The {@code hits} of some visitors, as a reader sees them at one time. */
    private static Set<String> hits(RedisClient redis) {
        List<String> ids =
                IntStream.range(100, 150).mapToObj(i -> "visitor é " + i * 30).toList();
        Set<String> hits = new HashSet<>();
        new Attributes(new PipelinedHashes(redis), PREFIX)
                .of(ids)
                .orElseThrow()
                .byId()
                .values()
                .forEach(attributes -> hits.add(attributes.get("hits")));
        return hits;
    }

    private void onlyWhatIsRead() {
        long current = AttributeVersion.of(redis.hgetAll(RedisKeys.attributesCurrent(PREFIX)))
                .orElseThrow()
                .number();
        int rows = 0;
        for (String key : redis.keys("g:" + PREFIX + ":*")) {
            long version = RedisKeys.attributesVersion(PREFIX, key);
            rows += version == current ? 1 : 0;
            assertThat(redis.pttl(key)).as(key).matches(left -> version == current ? left == -1 : left > 0);
        }
        assertThat(rows).isEqualTo(ROWS);
        assertThat(redis.keys("g:{" + PREFIX + "}:*"))
                .containsExactlyInAnyOrder("g:{visitor}:current", "g:{visitor}:last");
    }
}
