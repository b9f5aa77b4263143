package io.granary.streaming.verbs;

import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.verbs.CounterSizes.Size;
import io.granary.streaming.watch.Lag;
import io.granary.streaming.watch.TopicLag;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.OutputOption;
import io.granary.warehouse.command.Rows;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.redis.AsOf;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import redis.clients.jedis.UnifiedJedis;

/** {@code granary counters}. */
@Command(
        name = "granary counters",
        mixinStandardHelpOptions = true,
        subcommands = {ReadCommand.class, CountCommand.class},
        description = "Lists the real-time counters: whether they count, how far they are behind, what they hold.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  granary counters",
            "  granary counters --output json",
            "  granary counters read traffic.page --window 1h --by site=demo-shop",
            "  granary counters count traffic.page_view --from 2026-11-01",
            "",
            "lag: Kafka records that Redis does not hold yet; behind_s: seconds since the oldest of them was sent.",
            "more: buckets with combinations beyond max_keys. late, future: rows that were not counted; what else was",
            "left out, and why, is in the metrics of the streaming process.",
            "Exit code 1 when a counter is not counted."
        })
public final class CountersCommand implements Callable<Integer> {
    private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(10);
    private static final String UNKNOWN = "?";

    private final Duration patience;

    @Mixin
    private CommonOptions options;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    public CountersCommand() {
        this(KAFKA_PATIENCE);
    }

    /** @param patience for one answer of Kafka */
    CountersCommand(Duration patience) {
        this.patience = patience;
    }

    public static void main(String[] args) {
        Commands.main(new CountersCommand(), args);
    }

    /**
     * What is known of a query.
     *
     * @param waits why it does not count for now; null when it does
     * @param ended why it does not go on; null when it does, or when nothing is known about it
     * @param missing what the last rebuild could not count again; null: nothing
     */
    private record State(String query, AsOf asOf, boolean isAlive, String waits, String ended, String missing) {
        String word() {
            // also when nobody is at it: that is what readers are told, and the next start goes on with it
            if (asOf.state().equals(AsOf.REBUILDING)) {
                return AsOf.REBUILDING;
            }
            if (!isAlive) {
                return "stopped";
            }
            return waits == null ? "counting" : "waiting";
        }

        boolean isCounted() {
            return isAlive && waits == null;
        }
    }

    @Override
    public Integer call() {
        List<StreamQuery> queries = StreamQuery.of(Manifest.read(options.home().manifest()));
        Profile profile = options.profile();
        record Found(List<State> states, Map<String, Size> sizes) {}
        Found found = RedisOfProfile.read(
                profile,
                redis -> new Found(
                        queries.stream().map(q -> state(redis, q.name())).toList(), CounterSizes.of(redis)));
        List<Lag> lags = lags(profile, queries, found.states());
        List<List<String>> cells = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            StreamQuery query = queries.get(i);
            State state = found.states().get(i);
            Lag lag = lags.get(i);
            for (CountedModel model : query.models()) {
                model.counters().forEach(counter -> cells.add(row(counter, state, lag, found.sizes())));
            }
        }
        new Rows(
                        List.of(
                                "counter",
                                "from",
                                "windows",
                                "state",
                                "since",
                                "as_of",
                                "lag",
                                "behind_s",
                                "keys",
                                "bytes",
                                "more",
                                "late",
                                "future"),
                        cells)
                .print(output.form(), spec.commandLine().getOut());
        found.states().forEach(this::explain);
        return found.states().stream().allMatch(State::isCounted) ? 0 : 1;
    }

    private static State state(UnifiedJedis redis, String query) {
        return new State(
                query,
                AsOf.of(redis.hgetAll(RedisKeys.asOf(query))),
                redis.exists(RedisKeys.alive(query)),
                redis.get(RedisKeys.waits(query)),
                redis.get(RedisKeys.ended(query)),
                redis.hget(RedisKeys.asOf(query), "missing"));
    }

    /** By query; a Kafka that is away is asked once. */
    private List<Lag> lags(Profile profile, List<StreamQuery> queries, List<State> states) {
        List<Lag> lags = new ArrayList<>();
        try (TopicLag topics = new TopicLag(profile.kafka(), patience, InstantSource.system())) {
            for (int i = 0; i < queries.size(); i++) {
                lags.add(topics.of(
                        queries.get(i).source().topic(), states.get(i).asOf().offsets()));
            }
        } catch (KafkaException e) {
            err("the lag of "
                    + queries.stream().skip(lags.size()).map(StreamQuery::name).collect(Collectors.joining(", "))
                    + " is not known: Kafka at " + profile.kafka() + " does not answer (" + e.getMessage() + ")");
        }
        lags.addAll(Collections.nCopies(queries.size() - lags.size(), Lag.UNKNOWN));
        return lags;
    }

    private static List<String> row(ZonedCounter counter, State state, Lag lag, Map<String, Size> sizes) {
        Size size = sizes.getOrDefault(counter.node().qualifiedName(), new Size());
        return List.of(
                counter.node().qualifiedName(),
                counter.node().from(),
                String.join(" ", counter.node().windows()),
                state.word(),
                text(state.asOf().since()),
                text(state.asOf().at()),
                lag.isKnown() ? Long.toString(lag.records()) : UNKNOWN,
                lag.age() == null ? UNKNOWN : Double.toString(lag.age().toMillis() / 100 / 10.0),
                Long.toString(size.keys()),
                Long.toString(size.bytes()),
                Long.toString(size.overflows()),
                Long.toString(size.uncounted("late")),
                Long.toString(size.uncounted("future")));
    }

    private static String text(Optional<Instant> at) {
        return at.map(t -> t.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("-");
    }

    private void explain(State state) {
        if (state.missing() != null) {
            err(state.query() + " could not be rebuilt whole: " + state.missing());
        }
        if (state.isCounted()) {
            return;
        }
        if (state.isAlive()) {
            err(state.query() + " does not count for now, and is started again by itself: " + state.waits());
            return;
        }
        err(
                state.ended() == null
                        ? "nobody counts " + state.query()
                                + " now: start it with `granary up --only streaming`, or on YARN with"
                                + " `granary submit streaming`"
                        : state.query() + " has stopped: " + state.ended());
    }

    private void err(String message) {
        spec.commandLine().getErr().println("granary: " + message);
    }
}
