package io.granary.warehouse.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedisKeysTest {
    @Test
    void keysAreThoseOfTheContract() {
        assertThat(RedisKeys.values(3, "traffic.page_view", "1m", 1793527500L))
                .isEqualTo("g:{3}:c:traffic.page_view:1m:1793527500");
        assertThat(RedisKeys.members(3, "traffic.page_view", "1d", 0, "visitors", "shop"))
                .isEqualTo("g:{3}:u:traffic.page_view:1d:0:visitors:shop");
        assertThat(RedisKeys.field("shop", "page_views")).isEqualTo("shop#page_views");
        assertThat(RedisKeys.fence(3, "traffic.access_log")).isEqualTo("g:{3}:fence:traffic.access_log");
    }

    @Test
    void keysOfCountersAreTakenApartAgain() {
        String by = RedisKeys.encodeBy(List.of("shop", "/a:b{c}#d|%more"));
        List<String> keys = List.of(
                RedisKeys.values(3, "traffic.page_view", "1m", 1793527500L),
                RedisKeys.members(15, "traffic.page_view", "total", 0, "buyers", by),
                RedisKeys.sketch(0, "traffic.page_view", "1h", 3600, "visitors", by),
                RedisKeys.sketch(0, "traffic.page_view", "1h", 3600, "visitors", RedisKeys.MORE),
                RedisKeys.ranks(1, "traffic.page_view", "1d", 86400, "views", RedisKeys.encodeBy(List.of("shop"))),
                RedisKeys.uncounted(2, "late", "traffic.page_view", "1d", 86400));
        assertThat(keys)
                .startsWith("g:{3}:c:traffic.page_view:1m:1793527500")
                .contains("g:{1}:t:traffic.page_view:1d:86400:views:shop", "g:{2}:x:late:traffic.page_view:1d:86400")
                .allSatisfy(key -> {
                    CounterKey parts = CounterKey.parse(key).orElseThrow();
                    assertThat(parts.text()).isEqualTo(key);
                    assertThat(parts.counter()).isEqualTo("traffic.page_view");
                });
        CounterKey members = CounterKey.parse(keys.get(1)).orElseThrow();
        assertThat(RedisKeys.decodeBy(members.by(), 2)).containsExactly("shop", "/a:b{c}#d|%more");
        assertThat(members.values().text()).isEqualTo("g:{15}:c:traffic.page_view:total:0");
        assertThat(members.of(RedisKeys.MORE).text())
                .isEqualTo("g:{15}:u:traffic.page_view:total:0:buyers:" + RedisKeys.MORE);
        for (String other : List.of(
                RedisKeys.fence(3, "traffic.access_log"),
                RedisKeys.epoch("traffic.access_log"),
                RedisKeys.attributes("user", 1, "g:{3}:c:a:b:1"),
                "g:{3}:c:traffic.page_view:1m",
                "g:{3}:c:traffic.page_view:1m:noon",
                "g:{x}:c:traffic.page_view:1m:1")) {
            assertThat(CounterKey.parse(other)).as(other).isEmpty();
        }
    }

    @Test
    void allShardsTogetherHoldWhatABucketMay() {
        assertThat(RedisKeys.limit(0)).isZero();
        assertThat(RedisKeys.limit(1)).isOne();
        assertThat(RedisKeys.limit(100_000) * RedisKeys.SHARDS).isEqualTo(100_000);
    }

    @Test
    void aFenceIsBehindAnEarlierLookWhenItWentBackOrIsGone() {
        Fence seen = fence("t.2", "7", "3");
        assertThat(fence("t.2", "7", "2").isBehind(seen)).isTrue();
        assertThat(fence("t.1", "9", "0").isBehind(seen)).isTrue();
        assertThat(Fence.of(Arrays.asList(null, null, null, null)).isBehind(seen))
                .isTrue();
        assertThat(fence("t.2", "7", "3").isBehind(seen)).isFalse();
        assertThat(fence("t.3", "0", "0").isBehind(seen)).isFalse();
        assertThat(fence("u.1", "0", "0").isBehind(seen)).isFalse();
        assertThat(seen.isBehind(Fence.of(Arrays.asList(null, null, null, null))))
                .isFalse();
        assertThat(seen.whole()).isEqualTo(6);
        assertThat(fence("t.2", "7", "4").whole()).isEqualTo(7);
    }

    private static Fence fence(String epoch, String batch, String slice) {
        return Fence.of(List.of(epoch, batch, slice, "5"));
    }

    @Test
    void anyValuesComeBackAsTheyWere() {
        Random random = new Random(1);
        String alphabet = "ab%|#:{} \n\t\0\u00e9\u4e2d";
        for (int round = 0; round < 2000; round++) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                StringBuilder value = new StringBuilder();
                IntStream.range(0, random.nextInt(6))
                        .forEach(c -> value.append(alphabet.charAt(random.nextInt(alphabet.length()))));
                values.add(random.nextInt(5) == 0 ? null : value.toString());
            }
            String by = RedisKeys.encodeBy(values);
            assertThat(by).doesNotContain("#", ":", "{", "}", "\n", "\0");
            assertThat(RedisKeys.decodeBy(by, values.size())).isEqualTo(values);
        }
    }

    @Test
    void keysOfAttributesGiveBackVersionAndId() {
        assertThat(RedisKeys.attributes("user", 17, "4711")).isEqualTo("g:user:17:{4711}");
        for (String id : List.of("4711", "", "a}b{c:{d", "\u4e2d %7B|#", "\n")) {
            String key = RedisKeys.attributes("user", 3, id);
            assertThat(key.indexOf('{')).isEqualTo(key.lastIndexOf('{'));
            assertThat(key).endsWith("}");
            assertThat(RedisKeys.attributesVersion("user", key)).isEqualTo(3);
            assertThat(RedisKeys.attributesId(key)).isEqualTo(id);
        }
        assertThat(RedisKeys.attributesVersion("user", "g:users:3:{1}")).isEqualTo(-1);
        assertThat(RedisKeys.attributesVersion("user", "g:user:x:{1}")).isEqualTo(-1);
        assertThat(RedisKeys.attributesVersion("user", "g:epoch:traffic.access_log"))
                .isEqualTo(-1);
    }

    @Test
    void nullIsNotTheEmptyText() {
        assertThat(RedisKeys.encodeBy(Arrays.asList((String) null))).isNotEqualTo(RedisKeys.encodeBy(List.of("")));
        assertThat(RedisKeys.decodeBy("", 0)).isEmpty();
        assertThat(RedisKeys.decodeBy("", 1)).containsExactly("");
    }

    @Test
    void shardsAreStableAndAllUsed() {
        assertThat(RedisKeys.shard("traffic.page_view", "demo-shop"))
                .isEqualTo(RedisKeys.shard("traffic.page_view", "demo-shop"));
        assertThat(IntStream.range(0, 500)
                        .map(i -> RedisKeys.shard("traffic.page_view", "site-" + i))
                        .distinct()
                        .count())
                .isEqualTo(RedisKeys.SHARDS);
    }

    @Test
    void aDayBeginsAtMidnightOfItsZone() {
        Instant at = Instant.parse("2026-11-01T17:03:59Z");
        assertThat(Windows.bucket(at, "1m", ZoneId.of("UTC")))
                .isEqualTo(Instant.parse("2026-11-01T17:03:00Z").getEpochSecond());
        assertThat(Windows.bucket(at, "5m", ZoneId.of("UTC")))
                .isEqualTo(Instant.parse("2026-11-01T17:00:00Z").getEpochSecond());
        assertThat(Windows.bucket(at, "1d", ZoneId.of("Asia/Shanghai")))
                .isEqualTo(Instant.parse("2026-11-01T16:00:00Z").getEpochSecond());
        assertThat(Windows.bucket(at, "total", ZoneId.of("UTC"))).isZero();
        assertThatThrownBy(() -> Windows.bucket(at, "2w", ZoneId.of("UTC"))).hasMessageContaining("'2w'");
    }
}
