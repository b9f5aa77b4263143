package io.granary.serving;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.redis.CounterBucket;
import io.granary.warehouse.redis.CounterBucket.Combination;
import io.granary.warehouse.redis.CounterReads.Round;
import io.granary.warehouse.redis.RedisKeys;
import io.granary.warehouse.redis.Windows;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads counters out of Redis (docs/contracts.md, sections 9 and 10). */
final class Counters {
    /** Most buckets one series may span. */
    static final int MOST_BUCKETS = 10_000;

    private static final int BUCKETS_A_ROUND_TRIP = 1_000;

    private final LiveManifest manifest;
    private final CounterStore store;

    private final Freshness freshness;

    Counters(LiveManifest manifest, CounterStore store) {
        this.freshness = new Freshness();
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
            Map<String, Long> values,
            Instant asOf,
            String state) {}

    record Point(Instant bucket, Map<String, Long> values) {}

    /** The buckets that hold data, in order of time. */
    record Series(
            String counter, String window, Map<String, String> by, List<Point> points, Instant asOf, String state) {}

    /** What a request asks of which counter. */
    record Question(CounterNode counter, String window, ZoneId zone, String query, List<String> dimensions) {
        String by() {
            return RedisKeys.encodeBy(dimensions);
        }

        int shard() {
            return RedisKeys.shard(counter.qualifiedName(), by());
        }

        CounterBucket held(long bucket) {
            return new CounterBucket(counter, window, bucket);
        }

        Supplier<Optional<Combination>> ask(Round round, long bucket) {
            return held(bucket).combination(round, by());
        }

        Map<String, String> spokenBy() {
            return TopLists.spoken(counter.by(), dimensions);
        }
    }

    /** The most of a counter. */
    TopLists.Top top(String name, Parameters parameters) {
        return new TopLists(this, store, freshness).top(name, parameters);
    }

    Single single(String name, Parameters parameters) {
        Question question = question(name, parameters, true);
        long bucket = bucket(question, parameters);
        Freshness.Asked asked = freshness.of(question.query(), List.of(question.shard()));
        Supplier<Optional<Combination>> held = store.inOrder(asked::asOf, round -> {
            asked.before(round);
            Supplier<Optional<Combination>> one = question.ask(round, bucket);
            asked.after(round);
            return one;
        });
        Freshness.Age age = asked.age();
        return new Single(
                name,
                question.window(),
                Instant.ofEpochSecond(bucket),
                question.spokenBy(),
                held.get()
                        .orElseGet(() -> question.held(bucket).nothing(question.by()))
                        .values(),
                age.asOf().orElse(null),
                age.state());
    }

    Series series(String name, Parameters parameters) {
        Question question = question(name, parameters, true);
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
        store.inOrder(asked::asOf, round -> nothing(() -> asked.before(round)));
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i += BUCKETS_A_ROUND_TRIP) {
            List<Long> part = buckets.subList(i, Math.min(buckets.size(), i + BUCKETS_A_ROUND_TRIP));
            List<Supplier<Optional<Combination>>> held = store.inOneRound(round ->
                    part.stream().map(bucket -> question.ask(round, bucket)).toList());
            for (int at = 0; at < part.size(); at++) {
                Instant begin = Instant.ofEpochSecond(part.get(at));
                held.get(at).get().ifPresent(found -> points.add(new Point(begin, found.values())));
            }
        }
        store.inOneRound(round -> nothing(() -> asked.after(round)));
        Freshness.Age age = asked.age();
        return new Series(
                name, question.window(), question.spokenBy(), points, age.asOf().orElse(null), age.state());
    }

    private static Void nothing(Runnable questions) {
        questions.run();
        return null;
    }

    /** @param isOfOne whether it asks for one combination, so that it has a value for every dimension */
    Question question(String name, Parameters parameters, boolean isOfOne) {
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
                counter,
                window,
                ZoneId.of(source.timeZone()),
                source.qualifiedName(),
                isOfOne ? parameters.by(counter.by()) : List.of());
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

    static long bucket(Question question, Parameters parameters) {
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
            bucket = Windows.end(bucket, question.window(), question.zone());
        }
        return buckets;
    }
}
