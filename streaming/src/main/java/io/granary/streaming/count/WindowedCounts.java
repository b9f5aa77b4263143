package io.granary.streaming.count;

import io.granary.streaming.count.CounterPlan.Place;
import io.granary.streaming.count.GroupCounts.Members;
import io.granary.streaming.count.TallyPlan.Dimension;
import io.granary.streaming.count.TallyPlan.Group;
import io.granary.streaming.count.TallyPlan.Measure;
import io.granary.streaming.store.Delta;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.redis.RedisKeys;
import io.granary.warehouse.redis.Windows;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the numbers of a group by its finest bucket to the deltas of a counter, window by window. */
final class WindowedCounts {
    private static final String LATE = "late";
    private static final String FUTURE = "future";
    private static final String OVERFLOW = "overflow";
    /** Numbers beyond 64 bits that are named one by one, of a counter and batch. */
    private static final int NAMED = 20;

    private static final Logger LOG = LoggerFactory.getLogger(WindowedCounts.class);
    /** What is not counted can be read for so long. */
    private static final long UNCOUNTED_TTL = Duration.ofDays(40).toSeconds();

    private static final long DAY = Duration.ofDays(1).toSeconds();

    private final CounterNode counter;
    private final ZoneId zone;
    private final Place place;
    private final Group group;
    private final GroupCounts counts;
    private final long now;
    private final long limit;
    private final String[] by;
    private final int[] shards;
    private final Map<String, Long> uncounted = new TreeMap<>();

    /** @param now in which nothing is late or not; epoch seconds */
    WindowedCounts(Place place, Group group, GroupCounts counts, long now) {
        this.counter = place.counter().node();
        this.zone = place.counter().zone();
        this.place = place;
        this.group = group;
        this.counts = counts;
        this.now = now;
        this.limit = RedisKeys.limit(counter.maxKeys());
        this.by = new String[counts.keys.size()];
        this.shards = new int[by.length];
    }

    /**
     * Rows that were not counted, by reason; late ones of the window for which most were. {@code overflow}: how many numbers
     * were left out, because what this batch adds to them is beyond 64 bits.
     */
    Map<String, Long> uncounted() {
        return uncounted;
    }

    void addTo(List<Delta> deltas) {
        if (counts.withoutTime > 0) {
            uncounted.put("no_time", counts.withoutTime);
        }
        for (int id = 0; id < by.length; id++) {
            by[id] = RedisKeys.encodeBy(values(id));
            shards[id] = RedisKeys.shard(counter.qualifiedName(), by[id]);
        }
        for (String window : counter.windows()) {
            new Window(window).addTo(deltas);
        }
    }

    private List<String> values(int id) {
        List<String> values = new ArrayList<>();
        int at = counts.valuesAt(id);
        for (Dimension dimension : group.by()) {
            int length = counts.keys.readInt(at);
            at += Integer.BYTES;
            if (length < 0) {
                values.add(null);
                continue;
            }
            values.add(
                    dimension.isNumber() ? Long.toString(counts.keys.readLong(at)) : counts.keys.readText(at, length));
            at += length;
        }
        return values;
    }

    /** Position of each measure among the sums of the group; -1 of a count. */
    private int sum(int measure) {
        int sum = 0;
        for (Measure before : group.measures().subList(0, measure)) {
            sum += before.isNumber() ? 1 : 0;
        }
        return group.measures().get(measure).isNumber() ? sum : -1;
    }

    /** A combination of {@code by} in one bucket, or in what of it is not counted. */
    private record Cell(String reason, long bucket, String by, int shard) {}

    private final class Window {
        private final String window;
        private final Map<Cell, Integer> ids = new HashMap<>();
        private final List<Cell> cells = new ArrayList<>();
        private final int measures = counter.measures().size();
        private final Sums numbers = new Sums(64 * (measures + 1));
        private final int[] owners = new int[by.length];
        private final Map<String, String> keys = new HashMap<>();

        Window(String window) {
            this.window = window;
        }

        void addTo(List<Delta> deltas) {
            long late = 0;
            long future = 0;
            for (int id = 0; id < owners.length; id++) {
                Cell cell = cell(id);
                late += LATE.equals(cell.reason()) ? counts.rows(id) : 0;
                future += FUTURE.equals(cell.reason()) ? counts.rows(id) : 0;
                add(id, cell);
            }
            note(LATE, late);
            note(FUTURE, future);
            for (int id = 0; id < cells.size(); id++) {
                numbers(id, deltas);
            }
            for (int i = 0; i < measures; i++) {
                Members of = counts.members[place.measures().get(i)];
                if (of != null) {
                    members(counter.measures().get(i), of, deltas);
                }
            }
            for (int id = 0; id < cells.size(); id++) {
                ranks(id, deltas);
            }
        }

        private void note(String reason, long rows) {
            if (rows > 0) {
                uncounted.merge(reason, rows, Math::max);
            }
        }

        private Cell cell(int id) {
            Instant at = Instant.ofEpochSecond(counts.bucket(id) * group.base());
            long bucket = Windows.bucket(at, window, zone);
            String reason =
                    counts.isFuture(id) ? FUTURE : expiresAt(bucket) <= now && expiresAt(bucket) > 0 ? LATE : null;
            boolean hasBucket = reason == null || Math.abs(bucket - now) <= UNCOUNTED_TTL;
            return new Cell(reason, hasBucket ? bucket : 0, by[id], shards[id]);
        }

        /** Epoch seconds; 0 = never. */
        private long expiresAt(long bucket) {
            Duration ttl = counter.ttl().get(window);
            return ttl == null ? 0 : Windows.end(bucket, window, zone) + ttl.toSeconds();
        }

        private void add(int id, Cell cell) {
            int to = ids.computeIfAbsent(cell, c -> {
                cells.add(c);
                return ids.size();
            });
            owners[id] = cell.reason() == null ? to : -1;
            int at = to * (measures + 1);
            numbers.room(at + measures + 1);
            numbers.add(at, counts.rows(id));
            for (int i = 0; i < measures; i++) {
                int measure = place.measures().get(i);
                int sum = sum(measure);
                if (sum >= 0) {
                    counts.addSum(id, sum, numbers, at + 1 + i);
                } else if (counts.members[measure] == null) {
                    numbers.add(at + 1 + i, counts.rows(id));
                }
            }
        }

        private void numbers(int id, List<Delta> deltas) {
            Cell cell = cells.get(id);
            String key = valuesKey(cell);
            long expiresAt = cell.reason() == null ? expiresAt(cell.bucket()) : (now / DAY + 1) * DAY + UNCOUNTED_TTL;
            int at = id * (measures + 1);
            deltas.add(Delta.add(cell.shard(), key, RedisKeys.rows(cell.by()), numbers.value(at), expiresAt, limit));
            for (int i = 0; i < measures; i++) {
                long number = number(at + 1 + i);
                String field =
                        RedisKeys.field(cell.by(), counter.measures().get(i).name());
                if (number != 0) {
                    deltas.add(Delta.add(cell.shard(), key, field, number, expiresAt, limit));
                } else if (numbers.isBeyond(at + 1 + i)) {
                    refuse(key, field, numbers.exact(at + 1 + i));
                }
            }
        }

        /** What is added to Redis; nothing of a sum that does not fit. */
        private long number(int place) {
            return numbers.isBeyond(place) ? 0 : numbers.value(place);
        }

        /** As Redis does with one that would leave 64 bits: the number stays as it is, all others count. */
        private void refuse(String key, String field, BigInteger sum) {
            if (uncounted.merge(OVERFLOW, 1L, Long::sum) <= NAMED) {
                LOG.error("not counted: the sum of a batch, {}, is beyond 64 bits ({} {})", sum, key, field);
            }
        }

        private String valuesKey(Cell cell) {
            String name = counter.qualifiedName();
            return shared(
                    cell.reason() == null
                            ? RedisKeys.values(cell.shard(), name, window, cell.bucket())
                            : RedisKeys.uncounted(cell.shard(), cell.reason(), name, window, cell.bucket()));
        }

        /** A key stands in many deltas; it is held once. */
        private String shared(String key) {
            return keys.computeIfAbsent(key, k -> k);
        }

        private void members(MeasureNode measure, Members of, List<Delta> deltas) {
            Members merged = new Members(of.isSketch());
            merged.merge(of, owners);
            String name = counter.qualifiedName();
            for (int id = 0; id < merged.size(); id++) {
                Cell cell = cells.get(merged.owner(id));
                long end = expiresAt(cell.bucket());
                String member = merged.member(id);
                if (of.isSketch()) {
                    String key = RedisKeys.sketch(cell.shard(), name, window, cell.bucket(), measure.name(), cell.by());
                    deltas.add(Delta.sketch(cell.shard(), shared(key), member, end, limit));
                } else {
                    String key =
                            RedisKeys.members(cell.shard(), name, window, cell.bucket(), measure.name(), cell.by());
                    deltas.add(Delta.member(cell.shard(), shared(key), member, end, limit));
                }
            }
        }

        private void ranks(int id, List<Delta> deltas) {
            Cell cell = cells.get(id);
            if (cell.reason() != null) {
                return;
            }
            counter.top().forEach(top -> {
                int measure = counter.measures().stream()
                        .map(MeasureNode::name)
                        .toList()
                        .indexOf(top.measure());
                long amount = number(id * (measures + 1) + 1 + measure);
                if (amount != 0) {
                    List<String> values =
                            RedisKeys.decodeBy(cell.by(), counter.by().size());
                    String within = RedisKeys.encodeBy(top.within().stream()
                            .map(column -> values.get(counter.by().indexOf(column)))
                            .toList());
                    String key = RedisKeys.ranks(
                            cell.shard(), counter.qualifiedName(), window, cell.bucket(), top.measure(), within);
                    deltas.add(
                            Delta.rank(cell.shard(), shared(key), cell.by(), amount, expiresAt(cell.bucket()), limit));
                }
            });
        }
    }
}
