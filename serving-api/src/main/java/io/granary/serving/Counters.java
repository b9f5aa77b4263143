package io.granary.serving;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.redis.RedisKeys;
import io.granary.warehouse.redis.Windows;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/** Reads counters out of Redis (docs/contracts.md, sections 9 and 10). */
final class Counters {
    /** Most buckets one series may span. */
    static final int MOST_BUCKETS = 10_000;

    private static final int BUCKETS_A_ROUND_TRIP = 1_000;

    private final LiveManifest manifest;
    private final CounterStore store;

    Counters(LiveManifest manifest, CounterStore store) {
        this.manifest = manifest;
        this.store = store;
    }

    /** A counter's measures in one bucket. {@code asOf} is null when the stream has not completed a batch. */
    record Single(
            String counter,
            String window,
            Instant bucket,
            Map<String, String> by,
            Map<String, Number> values,
            Instant asOf) {}

    record Point(Instant bucket, Map<String, Number> values) {}

    /** The buckets that hold data, in order of time. */
    record Series(String counter, String window, Map<String, String> by, List<Point> points, Instant asOf) {}

    /** What a request asks of which counter. */
    private record Question(CounterNode counter, String window, ZoneId zone, String query, List<String> dimensions) {
        String by() {
            return RedisKeys.encodeBy(dimensions);
        }

        int shard() {
            return RedisKeys.shard(counter.qualifiedName(), by());
        }

        Map<String, String> spokenBy() {
            Map<String, String> spoken = new LinkedHashMap<>();
            for (int i = 0; i < dimensions.size(); i++) {
                spoken.put(counter.by().get(i), dimensions.get(i));
            }
            return spoken;
        }
    }

    Single single(String name, Parameters parameters) {
        Question question = question(name, parameters);
        long bucket = bucket(question, parameters);
        record Asked(Response<String> asOf, Cell cell) {}
        // as_of comes first: the values are then at least as new as it says.
        Asked asked = store.pipelined(
                pipeline -> new Asked(askAsOf(pipeline, question), Cell.ask(pipeline, question, bucket)));
        return new Single(
                name,
                question.window(),
                Instant.ofEpochSecond(bucket),
                question.spokenBy(),
                read(() -> asked.cell().values()),
                read(() -> asOf(asked.asOf())));
    }

    Series series(String name, Parameters parameters) {
        Question question = question(name, parameters);
        if (question.window().equals("total")) {
            throw Parameters.usage("window total is one number, not a series. Ask /api/v1/counters/" + name + ".");
        }
        Instant from = parameters.instant("from", question.window(), question.zone());
        Instant to = parameters.instant("to", question.window(), question.zone());
        if (!from.isBefore(to)) {
            throw Parameters.usage("'from' (" + from + ") is not before 'to' (" + to + ").");
        }
        List<Long> buckets = buckets(question, from, to);
        Response<String> asOf = null;
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < buckets.size() || asOf == null; i += BUCKETS_A_ROUND_TRIP) {
            List<Long> part = buckets.subList(i, Math.min(buckets.size(), i + BUCKETS_A_ROUND_TRIP));
            boolean first = i == 0;
            record Asked(Response<String> asOf, List<Cell> cells) {}
            Asked asked = store.pipelined(pipeline -> new Asked(
                    first ? askAsOf(pipeline, question) : null,
                    part.stream()
                            .map(bucket -> Cell.ask(pipeline, question, bucket))
                            .toList()));
            asOf = first ? asked.asOf() : asOf;
            for (Cell cell : asked.cells()) {
                if (read(cell::hasData)) {
                    points.add(new Point(Instant.ofEpochSecond(cell.bucket()), read(cell::values)));
                }
            }
        }
        Response<String> known = asOf;
        return new Series(name, question.window(), question.spokenBy(), points, read(() -> asOf(known)));
    }

    private Question question(String name, Parameters parameters) {
        Manifest now = manifest.current();
        CounterNode counter = now.counter(name)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.NOT_FOUND,
                        "there is no counter '" + Parameters.shorten(name) + "'."
                                + Nearest.hint(
                                        Parameters.shorten(name),
                                        now.counters().stream()
                                                .map(CounterNode::qualifiedName)
                                                .toList())));
        String window = parameters.required("window", counter.windows().get(0));
        if (!counter.windows().contains(window)) {
            throw Parameters.usage("counter " + name + " has no window '" + Parameters.shorten(window) + "'; it has "
                    + String.join(", ", counter.windows()) + ".");
        }
        SourceNode source = sourceBehind(now, counter);
        return new Question(
                counter, window, ZoneId.of(source.timeZone()), source.qualifiedName(), parameters.by(counter.by()));
    }

    /** The log source whose stream feeds the counter: its model's one log input. */
    private static SourceNode sourceBehind(Manifest manifest, CounterNode counter) {
        return manifest.model(counter.from()).stream()
                .flatMap(model -> manifest.sources().stream()
                        .filter(source -> source.isLog() && model.inputs().contains(source.table())))
                .findFirst()
                .orElseThrow(
                        () -> new GranaryException(
                                ErrorCode.DEFINITION,
                                "counter " + counter.qualifiedName() + " reads " + counter.from()
                                        + ", which the manifest does not make from a log source. Run `granary compile` again."));
    }

    private static long bucket(Question question, Parameters parameters) {
        if (question.window().equals("total")) {
            if (parameters.text("bucket").isPresent()) {
                throw Parameters.usage("window total has one bucket; leave 'bucket' out.");
            }
            return 0;
        }
        Instant asked = parameters.instant("bucket", question.window(), question.zone());
        long bucket = Windows.bucket(asked, question.window(), question.zone());
        if (!asked.equals(Instant.ofEpochSecond(bucket))) {
            throw Parameters.usage("'bucket' is " + asked + ", which begins no window of " + question.window()
                    + "; the one it falls into begins at " + Instant.ofEpochSecond(bucket) + ".");
        }
        return bucket;
    }

    /** The first seconds of the windows in {@code [from, to)}. */
    private static List<Long> buckets(Question question, Instant from, Instant to) {
        Duration length = question.window().equals("1d") ? Duration.ofDays(1) : Windows.length(question.window());
        long span = Duration.between(from, to).toSeconds() / length.toSeconds();
        if (span > MOST_BUCKETS) {
            throw Parameters.usage("'from' to 'to' spans " + span + " windows of " + question.window() + "; at most "
                    + MOST_BUCKETS + " a request. Ask for a part, or for a longer window.");
        }
        List<Long> buckets = new ArrayList<>();
        long bucket = Windows.bucket(from, question.window(), question.zone());
        while (Instant.ofEpochSecond(bucket).isBefore(to)) {
            if (!Instant.ofEpochSecond(bucket).isBefore(from)) {
                buckets.add(bucket);
            }
            bucket = next(bucket, question, length);
        }
        return buckets;
    }

    private static long next(long bucket, Question question, Duration length) {
        if (!question.window().equals("1d")) {
            return bucket + length.toSeconds();
        }
        // A day may have 23 or 25 hours.
        return Instant.ofEpochSecond(bucket)
                .atZone(question.zone())
                .toLocalDate()
                .plusDays(1)
                .atStartOfDay(question.zone())
                .toEpochSecond();
    }

    private static Response<String> askAsOf(AbstractPipeline pipeline, Question question) {
        return pipeline.hget(RedisKeys.asOf(question.query()), "at");
    }

    private static Instant asOf(Response<String> at) {
        return at.get() == null ? null : Instant.ofEpochMilli(Long.parseLong(at.get()));
    }

    private <T> T read(java.util.function.Supplier<T> response) {
        try {
            return response.get();
        } catch (JedisException e) {
            throw store.unavailable(e);
        }
    }

    /** The responses for one bucket: numbers from its hash, distinct measures from their sets. */
    private record Cell(
            long bucket,
            List<MeasureNode> measures,
            Response<List<String>> numbers,
            Map<String, Response<Long>> members) {

        static Cell ask(AbstractPipeline pipeline, Question question, long bucket) {
            String counter = question.counter().qualifiedName();
            String by = question.by();
            int shard = question.shard();
            List<String> fields = new ArrayList<>();
            Map<String, Response<Long>> members = new LinkedHashMap<>();
            for (MeasureNode measure : question.counter().measures()) {
                if (measure.type().equals("distinct")) {
                    members.put(
                            measure.name(),
                            pipeline.scard(
                                    RedisKeys.members(shard, counter, question.window(), bucket, measure.name(), by)));
                } else {
                    fields.add(RedisKeys.field(by, measure.name()));
                }
            }
            Response<List<String>> numbers = fields.isEmpty()
                    ? null
                    : pipeline.hmget(
                            RedisKeys.values(shard, counter, question.window(), bucket), fields.toArray(String[]::new));
            return new Cell(bucket, question.counter().measures(), numbers, members);
        }

        boolean hasData() {
            return (numbers != null && numbers.get().stream().anyMatch(java.util.Objects::nonNull))
                    || members.values().stream().anyMatch(count -> count.get() > 0);
        }

        Map<String, Number> values() {
            Map<String, Number> values = new LinkedHashMap<>();
            int next = 0;
            for (MeasureNode measure : measures) {
                Response<Long> distinct = members.get(measure.name());
                if (distinct != null) {
                    values.put(measure.name(), distinct.get());
                } else {
                    String number = numbers.get().get(next++);
                    values.put(measure.name(), number == null ? BigDecimal.ZERO : new BigDecimal(number));
                }
            }
            return values;
        }
    }
}
