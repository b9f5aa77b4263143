package io.granary.serving;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.redis.RedisKeys;
import io.granary.warehouse.redis.Windows;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.exceptions.JedisException;

/** Reads counters out of Redis (docs/contracts.md, sections 9 and 10). */
final class Counters {
    /** Most buckets one series may span. */
    static final int MOST_BUCKETS = 10_000;

    private static final int BUCKETS_A_ROUND_TRIP = 1_000;

    private final LiveManifest manifest;
    private final CounterStore store;

    private final Freshness freshness = new Freshness();

    Counters(LiveManifest manifest, CounterStore store) {
        this.manifest = manifest;
        this.store = store;
    }

    /**
     * A counter's measures in one bucket.
     *
     * @param asOf null when the stream has not completed a batch, and while numbers may be lower than they were
     * @param state {@code ok}, or {@code rebuilding} while numbers may be lower than they were
     */
    record Single(
            String counter,
            String window,
            Instant bucket,
            Map<String, String> by,
            Map<String, Number> values,
            Instant asOf,
            String state) {}

    record Point(Instant bucket, Map<String, Number> values) {}

    /** The buckets that hold data, in order of time. */
    record Series(
            String counter, String window, Map<String, String> by, List<Point> points, Instant asOf, String state) {}

    /** What a request asks of which counter. */
    private record Question(CounterNode counter, String window, ZoneId zone, String query, List<String> dimensions) {
        String by() {
            return RedisKeys.encodeBy(dimensions);
        }

        int shard() {
            return RedisKeys.shard(counter.qualifiedName(), by());
        }

        Cell ask(AbstractPipeline pipeline, long bucket) {
            return Cell.ask(pipeline, counter, window, bucket, by());
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
        Freshness.Asked asked = freshness.of(question.query(), List.of(question.shard()));
        Cell cell = store.inOrder(asked::asOf, pipeline -> {
            asked.before(pipeline);
            Cell one = question.ask(pipeline, bucket);
            asked.after(pipeline);
            return one;
        });
        Freshness.Age age = read(asked::age);
        return new Single(
                name,
                question.window(),
                Instant.ofEpochSecond(bucket),
                question.spokenBy(),
                read(cell::values),
                age.asOf().orElse(null),
                age.state());
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
        Freshness.Asked asked = freshness.of(question.query(), List.of(question.shard()));
        store.inOrder(asked::asOf, pipeline -> nothing(() -> asked.before(pipeline)));
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i += BUCKETS_A_ROUND_TRIP) {
            List<Long> part = buckets.subList(i, Math.min(buckets.size(), i + BUCKETS_A_ROUND_TRIP));
            List<Cell> cells = store.pipelined(pipeline ->
                    part.stream().map(bucket -> question.ask(pipeline, bucket)).toList());
            for (Cell cell : cells) {
                if (read(cell::hasData)) {
                    points.add(new Point(Instant.ofEpochSecond(cell.bucket()), read(cell::values)));
                }
            }
        }
        store.pipelined(pipeline -> nothing(() -> asked.after(pipeline)));
        Freshness.Age age = read(asked::age);
        return new Series(
                name, question.window(), question.spokenBy(), points, age.asOf().orElse(null), age.state());
    }

    private static Void nothing(Runnable questions) {
        questions.run();
        return null;
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

    private <T> T read(java.util.function.Supplier<T> response) {
        try {
            return response.get();
        } catch (JedisException | IllegalStateException e) {
            // the latter of a node of a cluster that gave no answer
            throw store.unavailable(e);
        }
    }
}
