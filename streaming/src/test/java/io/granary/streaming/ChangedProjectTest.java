package io.granary.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.replay.CountRequest;
import io.granary.streaming.replay.Definitions;
import io.granary.streaming.store.CounterStore;
import io.granary.streaming.store.RedisFixture;
import io.granary.streaming.store.RedisRetry;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.redis.RedisKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counters that go to another log, and logs that lose all of theirs. */
class ChangedProjectTest {
    private static final Instant BEGUN = Instant.parse("2026-11-20T17:00:00Z");
    private static final StreamQuery TRAFFIC = CountingFixture.query("traffic.access_log");
    private static final StreamQuery ADS = CountingFixture.query("ads.ad_event");
    private static final ZonedCounter CLICK = ADS.models().stream()
            .flatMap(m -> m.counters().stream())
            .filter(c -> c.node().name().equals("click"))
            .findFirst()
            .orElseThrow();

    private static RedisFixture redis;

    @TempDir
    private Path folder;

    private Profile profile;

    @BeforeAll
    static void open() throws Exception {
        redis = new RedisFixture();
    }

    @AfterAll
    static void close() throws Exception {
        redis.close();
    }

    /** Both logs are counted, and each counter has a number. */
    @BeforeEach
    void begin() throws Exception {
        redis.redis.flushAll();
        Path file = folder.resolve("profile.yaml");
        Files.writeString(file, "fs: " + folder.toUri() + "\nstreaming: {checkpoint: '" + folder.toUri() + "c'}\n");
        profile = Profile.load(file, Map.of());
        for (StreamQuery query : List.of(TRAFFIC, ADS)) {
            Checkpoint checkpoint = checkpoint(query);
            new CounterStore(query.name(), checkpoint, redis.nodes, retry(), Clock.systemUTC())
                    .claim(query.counterNames());
            new Definitions(query, checkpoint).take(BEGUN);
            for (String counter : query.counterNames()) {
                redis.redis.hset(RedisKeys.values(3, counter, "1h", 0), "a#n", "1");
            }
        }
    }

    @Test
    void aLogThatLosesAllCountersLosesItsKeysAndNoneOfOthers() {
        redis.redis.set("g:user:1:{7}", "an export's");
        TreeSet<String> others = new TreeSet<>(redis.redis.keys("*"));
        others.removeIf(key -> key.contains("ads."));
        take(List.of(TRAFFIC));
        assertThat(new TreeSet<>(redis.redis.keys("*"))).isEqualTo(others);
        assertThat(folder.resolve("c/ads.ad_event")).doesNotExist();
        assertThat(folder.resolve("c/traffic.access_log")).exists();
    }

    @Test
    void aCounterThatGoesToAnotherLogIsRefusedUntilSomebodyDecides() {
        List<StreamQuery> moved = List.of(with(TRAFFIC, CLICK), without(ADS));
        assertRefused(moved);
        CountRequest.leave(checkpoint(TRAFFIC), "ads.click", BEGUN);
        take(moved);
        assertThat(new Definitions(without(ADS), checkpoint(ADS)).gone()).isEmpty();
        assertThat(new Definitions(moved.get(0), checkpoint(TRAFFIC))
                        .take(BEGUN)
                        .counters())
                .containsOnlyKeys("ads.click", "traffic.page_view");
    }

    /** Nothing else is counted over the log that it leaves. */
    @Test
    void theLastCounterOfALogThatGoesToAnotherIsRefusedUntilSomebodyDecides() {
        List<StreamQuery> moved = List.of(with(TRAFFIC, CLICK));
        assertRefused(moved);
        assertThat(redis.redis.exists(RedisKeys.epoch("ads.ad_event"))).isTrue();
        CountRequest.leave(checkpoint(TRAFFIC), "ads.click", null);
        take(moved);
        assertThat(redis.redis.keys("g:*ads.ad_event")).isEmpty();
        assertThat(redis.redis.keys("g:*ads.event*")).isEmpty();
        // its keys are removed by the query that has it now
        assertThat(redis.redis.keys("g:*ads.click*")).hasSize(1);
        assertThat(new Definitions(moved.get(0), checkpoint(TRAFFIC))
                        .take(BEGUN)
                        .counters()
                        .get("ads.click")
                        .pending())
                .isTrue();
        take(moved);
    }

    private void assertRefused(List<StreamQuery> moved) {
        assertThatThrownBy(() -> take(moved))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("counter ads.click (subjects/ads/counters/click.yaml)")
                .hasMessageContaining("it was counted over another log and is over dwd.dwd_traffic_hit_di")
                .hasMessageContaining("`granary counters count ads.click --from 2026-11-2");
        assertThat(redis.redis.keys("g:*ads.click*")).hasSize(1);
    }

    private void take(List<StreamQuery> queries) {
        new ChangedProject(profile, new Configuration(), queries).take(redis.nodes, retry());
    }

    private static RedisRetry retry() {
        return new RedisRetry(Duration.ZERO);
    }

    private Checkpoint checkpoint(StreamQuery query) {
        return new Checkpoint(profile.streaming().checkpoint(profile.fs(), query.name()), new Configuration());
    }

    private static StreamQuery with(StreamQuery query, ZonedCounter more) {
        CounterNode node = more.node();
        CountedModel model = query.models().get(0);
        List<ZonedCounter> counters = new ArrayList<>(model.counters());
        counters.add(new ZonedCounter(
                new CounterNode(
                        node.id(),
                        node.subject(),
                        node.name(),
                        node.description(),
                        model.model().table(),
                        node.time(),
                        node.where(),
                        node.by(),
                        node.windows(),
                        node.measures()),
                counters.get(0).zone()));
        return new StreamQuery(query.source(), List.of(new CountedModel(model.model(), counters)));
    }

    private static StreamQuery without(StreamQuery query) {
        return new StreamQuery(
                query.source(),
                query.models().stream()
                        .filter(m -> !m.counters().contains(CLICK))
                        .toList());
    }
}
