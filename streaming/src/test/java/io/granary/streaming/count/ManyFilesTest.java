package io.granary.streaming.count;

import static io.granary.streaming.count.AdCounters.COUNTER;
import static io.granary.streaming.count.AdCounters.event;
import static io.granary.streaming.count.AdCounters.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.query.StreamQuery;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of many files the tasks are told only of those that had lines lately; a line of the others counts once all the same. */
class ManyFilesTest {
    private static final int FILES = 1100;
    private static final Instant NOW = CountingFixture.NOW;
    private static final Instant EVENT = NOW.minus(Duration.ofHours(3));

    @TempDir
    Path folder;

    @Test
    void linesOfAFileThatWasQuietForLongCountOnce() throws IOException {
        try (CountingFixture fixture = new CountingFixture()) {
            StreamQuery query = query("""
                    "by": [], "windows": ["total"], "measures": [{"name": "clicks", "type": "count"}]""");
            List<String> lines = List.of(event("a", EVENT, 1), event("a", EVENT, 1), event("a", EVENT, 1));
            List<TestChunk> firstLines = new ArrayList<>();
            for (int i = 0; i < FILES; i++) {
                firstLines.add(new TestChunk("shop", "f" + i, lines, 0, 1));
            }
            CounterRows rows = new CounterRows(fixture.spark, query, Records.CHUNKS);
            CounterBatch job = fixture.started(query, folder, rows);
            fixture.now = NOW.minus(Duration.ofHours(2));
            fixture.run(job, 0, fixture.records(firstLines));
            assertThat(clicks(fixture)).isEqualTo(FILES);

            fixture.now = NOW;
            // what goes on where it was needs no second look, what comes again does
            fixture.run(job, 1, fixture.records(List.of(new TestChunk("shop", "f1", lines, 1, 2))));
            assertThat(fixture.last.isExact()).isFalse();
            fixture.run(
                    job,
                    2,
                    fixture.records(List.of(
                            new TestChunk("shop", "f1", lines, 0, 2),
                            new TestChunk("shop", "f2", lines, 0, 2),
                            new TestChunk("shop", "new", lines, 0, 3))));
            assertThat(fixture.last.isExact()).isTrue();
            assertThat(clicks(fixture)).isEqualTo(FILES + 1 + 1 + 3);

            CounterBatch restarted = fixture.started(query, folder, rows);
            fixture.run(
                    restarted,
                    3,
                    fixture.records(List.of(
                            new TestChunk("shop", "f2", lines, 0, 3), new TestChunk("shop", "f3", lines, 0, 1))));
            assertThat(clicks(fixture)).isEqualTo(FILES + 1 + 1 + 3 + 1);
        }
    }

    private static long clicks(CountingFixture fixture) {
        return Long.parseLong(
                fixture.redis.hget(RedisKeys.values(RedisKeys.shard(COUNTER, ""), COUNTER, "total", 0), "#clicks"));
    }
}
