package io.granary.bench;

import io.granary.bench.AdTopic.Input;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redis.clients.jedis.Jedis;

/** What more counters, and more keys, cost. */
@Command(
        name = "stream-cost",
        mixinStandardHelpOptions = true,
        description =
                "What an event costs with 1, 10 and 100 counters, and with a counter of 1000 and of a million keys.")
final class StreamCostBenchmark implements Callable<Integer> {
    private static final int WARM_UP_PART = 4;
    private static final int EVENT_RATE = 500_000;
    private static final int FEW = 1000;
    private static final int MANY = 1_000_000;
    private static final String MEASURED = "measured";

    @Mixin
    private Place place;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "5000000",
            description = "Events measured (default: 5000000); a quarter as many go before")
    private int events;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "2", description = "Rounds (default: 2)")
    private int rounds;

    @Option(names = "--only", paramLabel = "WHAT", split = ",", description = "Only these: counters, keys")
    private List<String> only = List.of();

    @Mixin
    private Peers peers = new Peers();

    private record Case(String name, Path home, AdLoad load, boolean ofUsers, List<StreamRuns.Cost> costs) {}

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createDirectories(place.home().root().resolve("stream"));
        List<Case> cases = new ArrayList<>();
        if (only.isEmpty() || only.contains("counters")) {
            AdLoad load = load(folder, 100);
            for (int count : List.of(1, 10, 100)) {
                cases.add(new Case(
                        count == 1 ? "1 counter" : count + " counters",
                        home(folder, load, AdProject.counters(count), "c" + count),
                        load,
                        false,
                        new ArrayList<>()));
            }
        }
        if (only.isEmpty() || only.contains("keys")) {
            for (int users : List.of(FEW, MANY)) {
                AdLoad load = load(folder, users);
                cases.add(new Case(
                        "2 counters, one of " + users + " keys",
                        home(folder, load, AdProject.ofUsers(), "u" + users),
                        load,
                        true,
                        new ArrayList<>()));
            }
        }
        for (int round = 0; round < rounds; round++) {
            for (Case one : cases) {
                one.costs().add(run(one, folder, round));
            }
        }
        print(cases);
        return 0;
    }

    private AdLoad load(Path folder, int users) throws IOException {
        Path own = Files.createDirectories(folder.resolve("load" + users));
        AdLoad load = new AdLoad(place.profile().kafka(), own, new AdEvents.Shape(events, EVENT_RATE, users));
        load.fill(StreamRuns.WARM_UP, List.of(Input.CHUNKS), events / WARM_UP_PART);
        load.fill(MEASURED, List.of(Input.CHUNKS), events);
        return load;
    }

    private Path home(Path folder, AdLoad load, Map<String, String> counters, String name) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        return new AdProject(place.verbs(), own, Files.readAllLines(load.ads()), counters)
                .home()
                .root();
    }

    private StreamRuns.Cost run(Case one, Path folder, int round) throws IOException {
        Path own = Files.createDirectories(folder.resolve(one.home().getParent().getFileName() + "-" + round));
        StreamRuns.Cost cost = new StreamRuns(place, peers, one.home())
                .run(StreamChain.GRANARY, Input.CHUNKS, own, one.load(), MEASURED);
        if (one.ofUsers()) {
            requireUsers(StreamRuns.sum(one.load().truth(MEASURED)));
        }
        System.err.printf(
                Locale.ROOT,
                "bench: %s: %.0f events/s, %.0f per CPU second%n",
                one.name(),
                events / cost.wall(),
                events / cost.cpu());
        return cost;
    }

    private void requireUsers(long views) {
        try (Jedis redis = new Jedis(URI.create(place.profile().redis()))) {
            long counted = StreamRuns.sum(StreamChain.counted(redis, "ysb.user", "1h"));
            if (counted != views) {
                throw new GranaryException(
                        ErrorCode.DATA, "the counter of users has " + counted + " views; there were " + views);
            }
        }
    }

    private void print(List<Case> cases) {
        System.out.printf(
                Locale.ROOT,
                "%d events in chunks, %d rounds after a warm-up of %d events in each process; median (range).%n%n",
                events,
                rounds,
                events / WARM_UP_PART);
        List<List<String>> rows = new ArrayList<>();
        for (Case one : cases) {
            rows.add(List.of(
                    one.name(),
                    Figures.spread(one.costs().stream()
                            .map(c -> events / c.wall() / 1000)
                            .toList()),
                    Figures.spread(one.costs().stream()
                            .map(c -> events / c.cpu() / 1000)
                            .toList()),
                    Figures.spread(one.costs().stream()
                            .map(c -> c.cpu() * 1e6 / events)
                            .toList()),
                    Figures.spread(one.costs().stream()
                            .map(c -> c.redis() * 1e6 / events)
                            .toList())));
        }
        Figures.table(
                System.out,
                List.of("", "1000 events/s, wall", "1000 events per CPU s", "CPU µs/event", "Redis µs/event"),
                rows);
    }
}
