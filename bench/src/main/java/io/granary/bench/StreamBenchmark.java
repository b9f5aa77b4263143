package io.granary.bench;

import io.granary.bench.AdTopic.Input;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The Yahoo Streaming Benchmark: Granary, Flink and Spark alone on the same topics and the same Redis. */
@Command(
        name = "stream",
        mixinStandardHelpOptions = true,
        description = "The Yahoo Streaming Benchmark's job, Kafka to Redis: Granary, Flink, and Spark alone, in turn.")
final class StreamBenchmark implements Callable<Integer> {
    private static final int WARM_UP_PART = 4;
    private static final int USERS = 100;
    private static final String MEASURED = "measured";

    @Mixin
    private Place place;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "Events measured (default: 10000000); a quarter as many, others, go before")
    private int events;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Rounds (default: 3)")
    private int rounds;

    @Option(
            names = "--only",
            paramLabel = "WHO",
            split = ",",
            description = "Only these: granary, flink, flink-keyed, flink-scan, spark")
    private List<String> only = List.of();

    @Option(names = "--input", paramLabel = "INPUT", split = ",", description = "Only these: chunks, events")
    private List<String> inputs = List.of();

    @Option(
            names = "--event-rate",
            paramLabel = "N",
            defaultValue = "500000",
            description = "Events in a second of their own time (default: 500000)")
    private long eventRate;

    @Mixin
    private Peers peers = new Peers();

    private record Turn(StreamChain chain, Input input) {
        String word() {
            return chain.word() + ", " + input.word();
        }
    }

    private record Run(Turn turn, StreamRuns.Cost cost) {}

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createDirectories(place.home().root().resolve("stream"));
        List<Turn> turns = turns();
        AdLoad load = new AdLoad(place.profile().kafka(), folder, new AdEvents.Shape(events, eventRate, USERS));
        List<Input> used = turns.stream().map(Turn::input).distinct().toList();
        load.fill(StreamRuns.WARM_UP, used, events / WARM_UP_PART);
        double filling = load.fill(MEASURED, used, events);
        Map<String, Long> truth = load.truth(MEASURED);
        Path home = turns.stream().anyMatch(turn -> turn.chain() == StreamChain.GRANARY)
                ? new AdProject(place.verbs(), folder, Files.readAllLines(load.ads()), AdProject.oneCounter())
                        .home()
                        .root()
                : place.home().root();
        List<Run> runs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (Turn turn : turns) {
                Path own = Files.createDirectories(folder.resolve(turn.chain().word() + turn.input() + round));
                Run run = new Run(turn, runs(home).run(turn.chain(), turn.input(), own, load, MEASURED));
                System.err.printf(
                        Locale.ROOT,
                        "bench: %s: %.0f events/s, %.0f per CPU second%n",
                        turn.word(),
                        events / run.cost().wall(),
                        events / run.cost().cpu());
                runs.add(run);
            }
        }
        print(turns, runs, truth, filling);
        return 0;
    }

    private StreamRuns runs(Path home) {
        return new StreamRuns(place, peers, home);
    }

    private List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        for (StreamChain chain : StreamChain.values()) {
            for (Input input : Input.values()) {
                boolean isAsked = (only.isEmpty() || only.contains(chain.word()))
                        && (inputs.isEmpty() || inputs.contains(input.word()));
                if (isAsked) {
                    turns.add(new Turn(chain, input));
                }
            }
        }
        return turns;
    }

    private void print(List<Turn> turns, List<Run> runs, Map<String, Long> truth, double filling) {
        System.out.printf(
                Locale.ROOT,
                "%d events, %d views in %d counters, every one right in every run; %d rounds after a warm-up of %d events"
                        + " in each process; median (range). Filling the topics took %.0f s, off the clock.%n%n",
                events,
                StreamRuns.sum(truth),
                truth.size(),
                rounds,
                events / WARM_UP_PART,
                filling);
        List<List<String>> rows = new ArrayList<>();
        for (Turn turn : turns) {
            List<Run> own = runs.stream().filter(run -> run.turn().equals(turn)).toList();
            rows.add(List.of(
                    turn.chain().word(),
                    turn.input().word(),
                    spread(own.stream().map(run -> events / run.cost().wall()).toList()),
                    spread(own.stream().map(run -> events / run.cost().cpu()).toList()),
                    micros(own, StreamRuns.Cost::cpu),
                    micros(own, StreamRuns.Cost::broker),
                    micros(own, StreamRuns.Cost::redis)));
        }
        Figures.table(
                System.out,
                List.of(
                        "who",
                        "input",
                        "1000 events/s, wall",
                        "1000 events per CPU s",
                        "CPU µs/event",
                        "broker µs/event",
                        "Redis µs/event"),
                rows);
    }

    private static String spread(List<Double> rates) {
        return Figures.spread(rates.stream().map(rate -> rate / 1000).toList());
    }

    private String micros(List<Run> runs, ToDoubleFunction<StreamRuns.Cost> part) {
        List<Double> seconds =
                runs.stream().map(run -> part.applyAsDouble(run.cost())).toList();
        return String.format(Locale.ROOT, "%.2f", Figures.median(seconds) * 1e6 / events);
    }
}
