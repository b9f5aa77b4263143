package io.granary.streaming.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.KafkaFixture;
import io.granary.streaming.store.RedisFixture;
import io.granary.warehouse.redis.RedisKeys;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/real-time.md, "Beginning a log anew", as a person does it. */
class FreshStartIT {
    private static final String VIEWS = "traffic.page_view";

    @TempDir
    private Path folder;

    private final AccessLog a = AccessLog.of("a", 200);
    private final AccessLog b = AccessLog.of("b", 200);

    @Test
    void aLogWhoseRecordsAreGoneIsCountedAnew() throws Exception {
        try (KafkaFixture kafka = new KafkaFixture(folder);
                RedisFixture redis = new RedisFixture();
                ReplayScene scene = new ReplayScene(kafka, redis, folder, "anew")) {
            scene.send(a.chunk(0, 60), b.chunk(0, 20));
            scene.count();
            scene.send(a.chunk(60, 100), a.chunk(100, 110));
            scene.seal(a.chunk(0, 105));
            scene.seal(b.chunk(0, 30));
            scene.deleteFirst("a", 2);
            assertThatThrownBy(scene::count).hasStackTraceContaining("data may have been lost");

            FileUtil.fullyDelete(folder.resolve("checkpoint").toFile());
            redis.redis.del(RedisKeys.epoch(ReplayScene.QUERY));
            for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
                redis.redis.del(RedisKeys.fence(shard, ReplayScene.QUERY));
            }
            CountRequest.leave(scene.checkpoint, VIEWS, AccessLog.FIRST);
            scene.send(b.chunk(20, 40));
            scene.count();

            Map<String, Long> all = new TreeMap<>();
            AccessLog.count(VIEWS, 0, 110, Instant.EPOCH, all);
            AccessLog.count(VIEWS, 0, 40, Instant.EPOCH, all);
            assertThat(scene.numbers()).isEqualTo(all);
            assertThat(scene.asOf().state()).isEqualTo("ok");
        }
    }
}
