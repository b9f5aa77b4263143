package io.granary.streaming.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TopNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each change of a counter's file means at the next start. */
class DefinitionsTest {
    private static final Instant BEGUN = Instant.parse("2026-11-20T17:00:00Z");
    private static final Instant LATER = Instant.parse("2026-11-22T10:00:00Z");
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final StreamQuery PROJECT = CountingFixture.query("traffic.access_log");
    private static final MeasureNode VIEWS = new MeasureNode("views", "count", null, null);
    private static final MeasureNode BYTES = new MeasureNode("bytes", "sum", "bytes", null);

    @TempDir
    private Path folder;

    private Checkpoint checkpoint;
    private CounterStart before;

    @BeforeEach
    void begin() {
        checkpoint = new Checkpoint(folder.toUri().toString(), new Configuration());
        before = take(BEGUN, counter("page", "none")).counters().get("traffic.page");
        checkpoint.write(Marks.NONE.next(Map.of(0, 5L), Map.of(), BEGUN), List.of(), 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "from; from was 'dwd.dwd_traffic_hit_di' and is 'dwd.dwd_traffic_error_di'",
                "time; time was 'event_at' and is 'collected_at'",
                "where; where was 'status = 200' and is 'status < 300'",
                "no where; where was 'status = 200' and is ''",
                "by; by was '[site, path]' and is '[path, site]'",
                "window added; windows was '[1d, 1m]' and is '[1d, 1h, 1m]'",
                "window removed; windows was '[1d, 1m]' and is '[1d]'",
                "measure added; measures was '[bytes: sum of bytes, views: count]' and is '[bytes: sum of bytes,"
                        + " users: distinct of user_name, views: count]'",
                "measure removed; measures was '[bytes: sum of bytes, views: count]' and is '[views: count]'",
                "measure's column; and is '[bytes: sum of status, views: count]'",
                "top added; top was '[views within [site]]' and is '[bytes within [], views within [site]]'",
                "top removed; top was '[views within [site]]' and is '[]'",
                "time_zone; time_zone was 'Asia/Shanghai' and is 'UTC'",
            })
    void aChangeOfMeaningIsRefusedWithTheCommand(String change, String said) {
        assertThatThrownBy(() -> take(LATER, counter("page", change)))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("counter traffic.page (subjects/traffic/counters/page.yaml) has changed")
                .hasMessageContaining(said)
                // the day on which it began, in its own zone
                .hasMessageContaining("`granary counters count traffic.page --from 2026-11-2" + day(change) + "`")
                .hasMessageContaining("`granary counters count traffic.page --from now`")
                .hasMessageContaining("`granary restart streaming`");
        assertThat(take(LATER, counter("page", "none")).counters()).containsEntry("traffic.page", before);

        CountRequest.leave(checkpoint, "traffic.page", null);
        CounterStart anew = take(LATER, counter("page", change)).counters().get("traffic.page");
        assertThat(anew.pending()).isTrue();
        assertThat(anew.batch()).isZero();
        assertThat(anew.since()).isEqualTo(LATER.toEpochMilli());
    }

    private static int day(String change) {
        return change.equals("time_zone") ? 0 : 1;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttl", "ahead", "max_keys", "size of top", "description", "order", "spaces in where"})
    void anyOtherChangeGoesOn(String change) {
        CounterBook book = take(LATER, counter("page", change));
        assertThat(book.counters()).containsOnly(Map.entry("traffic.page", before));
        assertThat(book.removed()).isEmpty();
        assertThat(book.toReplay()).isEmpty();
    }

    @Test
    void aCounterWithAnotherNameIsANewOneAndTheOldOneIsRemoved() {
        CounterBook book = take(LATER, counter("visit", "none"));
        assertThat(book.removed()).containsExactly("traffic.page");
        assertThat(book.counters().get("traffic.visit"))
                .isEqualTo(new CounterStart(before.definition(), 0, null, LATER.toEpochMilli(), false));
        assertThat(book.toReplay()).isEmpty();

        CountRequest.leave(checkpoint, "traffic.visit", BEGUN);
        CounterBook withPast = take(LATER, counter("visit", "none"));
        assertThat(withPast.toReplay()).containsExactly("traffic.visit");
        assertThat(withPast.counters().get("traffic.visit").batch()).isEqualTo(-1);
        assertThat(withPast.counters().get("traffic.visit").from()).isEqualTo(BEGUN.toEpochMilli());
    }

    @Test
    void aCounterThatIsPutBackBeforeItsKeysWereRemovedBeginsWithNone() {
        take(LATER, counter("other", "none"));
        CounterBook back = take(LATER, counter("page", "by"), counter("other", "none"));
        assertThat(back.toReplay()).containsExactly("traffic.page");
        assertThat(back.counters().get("traffic.page").batch()).isZero();
        assertThat(back.removed()).isEmpty();
    }

    private CounterBook take(Instant now, ZonedCounter... counters) {
        StreamQuery query = new StreamQuery(
                PROJECT.source(),
                List.of(new CountedModel(PROJECT.models().get(0).model(), Arrays.asList(counters))));
        return new Definitions(query, checkpoint).take(now);
    }

    private static ZonedCounter counter(String name, String change) {
        boolean isOrder = change.equals("order");
        CounterNode node = new CounterNode(
                "counter.traffic." + name,
                "traffic",
                name,
                change.equals("description") ? "Other words." : "Pages.",
                change.equals("from") ? "dwd.dwd_traffic_error_di" : "dwd.dwd_traffic_hit_di",
                change.equals("time") ? "collected_at" : "event_at",
                where(change),
                change.equals("by") ? List.of("path", "site") : List.of("site", "path"),
                windows(change),
                isOrder ? List.of(BYTES, VIEWS) : measures(change),
                Map.of("1m", Duration.ofDays(change.equals("ttl") ? 3 : 2)),
                Duration.ofMinutes(change.equals("ahead") ? 5 : 10),
                change.equals("max_keys") ? 32 : 64,
                top(change));
        return new ZonedCounter(node, change.equals("time_zone") ? ZoneId.of("UTC") : ZONE);
    }

    private static String where(String change) {
        return switch (change) {
            case "where" -> "status < 300";
            case "no where" -> null;
            case "spaces in where" -> " status = 200\n";
            default -> "status = 200";
        };
    }

    private static List<String> windows(String change) {
        return switch (change) {
            case "window added" -> List.of("1m", "1h", "1d");
            case "window removed" -> List.of("1d");
            case "order" -> List.of("1d", "1m");
            default -> List.of("1m", "1d");
        };
    }

    private static List<MeasureNode> measures(String change) {
        return switch (change) {
            case "measure added" -> List.of(VIEWS, BYTES, new MeasureNode("users", "distinct", "user_name", null));
            case "measure removed" -> List.of(VIEWS);
            case "measure's column" -> List.of(VIEWS, new MeasureNode("bytes", "sum", "status", null));
            default -> List.of(VIEWS, BYTES);
        };
    }

    private static List<TopNode> top(String change) {
        TopNode views = new TopNode("views", List.of("site"), change.equals("size of top") ? 50 : 100);
        return switch (change) {
            case "top added" -> List.of(views, new TopNode("bytes", List.of(), 10));
            case "top removed" -> List.of();
            default -> List.of(views);
        };
    }
}
