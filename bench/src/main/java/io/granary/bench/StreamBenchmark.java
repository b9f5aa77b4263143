package io.granary.bench;

import io.granary.bench.AdTopic.Input;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redis.clients.jedis.Jedis;

/** The Yahoo Streaming Benchmark: Granary, Flink and Spark alone on the same topics and the same Redis. */
@Command(
        name = "stream",
        mixinStandardHelpOptions = true,
        description = "The Yahoo Streaming Benchmark's job, Kafka to Redis: Granary, Flink, and Spark alone, in turn.")
final class StreamBenchmark implements Callable<Integer> {
    private static final int WARM_UP_PART = 4;

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
            description = "Only these: granary, flink, flink-keyed, spark")
    private List<String> only = List.of();

    @Option(names = "--input", paramLabel = "INPUT", split = ",", description = "Only these: chunks, events")
    private List<String> inputs = List.of();

    @Option(
            names = "--event-rate",
            paramLabel = "N",
            defaultValue = "500000",
            description = "Events in a second of their own time (default: 500000)")
    private long eventRate;

    @Option(
            names = "--peer-flags",
            paramLabel = "FLAGS",
            split = " ",
            description = "More JVM flags for those that count, to look inside them")
    private List<String> flags = List.of();

    @Option(names = "--flink", paramLabel = "DIR", required = true, hidden = true)
    private Path flink;

    private record Turn(StreamChain chain, Input input) {
        String word() {
            return chain.word() + ", " + input.word();
        }
    }

    /** What a turn took: seconds, and CPU seconds of process, broker and Redis. */
    private record Run(Turn turn, double wall, double cpu, double broker, double redis) {}

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createDirectories(place.home().root().resolve("stream"));
        Path ads = folder.resolve("ads.csv");
        long begin = System.currentTimeMillis() - (long) events * 1000 / eventRate;
        AdEvents measured = new AdEvents(begin, eventRate);
        Files.write(ads, measured.adsOfCampaigns());
        List<Turn> turns = turns();
        List<Input> used = turns.stream().map(Turn::input).distinct().toList();
        int warm = events / WARM_UP_PART;
        fill("warm", used, new AdEvents(begin, eventRate), 0, warm);
        double filling = fill("measured", used, measured, 0, events);
        Map<String, Long> truth = measured.truth();
        List<Run> runs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (Turn turn : turns) {
                Path own = Files.createDirectories(folder.resolve(turn.chain().word() + turn.input() + round));
                Run run = run(turn, own, ads, truth);
                System.err.printf(
                        Locale.ROOT,
                        "bench: %s: %.0f events/s, %.0f per CPU second%n",
                        turn.word(),
                        events / run.wall(),
                        events / run.cpu());
                runs.add(run);
            }
        }
        print(turns, runs, truth, filling);
        return 0;
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

    private static String topic(String part, Input input) {
        return "granary.ysb.ad_" + part + "_" + input.word();
    }

    /** Fills a topic for each input with the same events; returns the seconds it took. */
    private double fill(String part, List<Input> inputs, AdEvents all, long from, long to) throws IOException {
        long started = System.nanoTime();
        List<AdTopic> topics = new ArrayList<>();
        try {
            for (Input input : inputs) {
                topics.add(new AdTopic(place.profile().kafka(), topic(part, input), input));
            }
            for (long number = from; number < to; number++) {
                int length = all.write(number);
                for (AdTopic topic : topics) {
                    topic.add(number, all.line(), length);
                }
            }
        } finally {
            for (AdTopic topic : topics) {
                topic.close();
            }
        }
        return (System.nanoTime() - started) / 1e9;
    }

    private Run run(Turn turn, Path folder, Path ads, Map<String, Long> truth) throws IOException {
        Map<String, String> task = new LinkedHashMap<>();
        task.put("kafka", place.profile().kafka());
        task.put("redis", place.profile().redis());
        task.put("ads", ads.toString());
        task.put("input", turn.input().word());
        task.put("records", Integer.toString(StreamChain.records(turn.input())));
        task.put("home", place.home().root().toString());
        List<String> command = turn.chain().command(place.verbs().dist(), flink, flags, task);
        try (Jedis redis = new Jedis(URI.create(place.profile().redis()));
                StreamProcess process = new StreamProcess(command, folder.resolve("log"))) {
            redis.flushAll();
            process.run(topic("warm", turn.input()), folder.resolve("warm"));
            redis.flushAll();
            ClusterCpu broker = new ClusterCpu(place.home(), List.of("kafka"));
            ClusterCpu store = new ClusterCpu(place.home(), List.of("redis"));
            StreamProcess.Ran ran = process.run(topic("measured", turn.input()), folder.resolve("measured"));
            Run run = new Run(turn, ran.wall(), ran.cpu(), broker.sinceLast(), store.sinceLast());
            requireTruth(turn, truth, turn.chain().counted(redis));
            return run;
        }
    }

    private static void requireTruth(Turn turn, Map<String, Long> truth, Map<String, Long> counted) {
        if (counted.equals(truth)) {
            return;
        }
        String example = truth.keySet().stream()
                .filter(key -> !truth.get(key).equals(counted.get(key)))
                .findFirst()
                .map(key -> key + ": " + counted.get(key) + " instead of " + truth.get(key))
                .orElse("windows that never were");
        throw new GranaryException(
                ErrorCode.DATA,
                turn.word() + " counted " + sum(counted) + " views in " + counted.size() + " counters; there were "
                        + sum(truth) + " in " + truth.size() + "; " + example);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private void print(List<Turn> turns, List<Run> runs, Map<String, Long> truth, double filling) {
        System.out.printf(
                Locale.ROOT,
                "%d events, %d views in %d counters, every one right in every run; %d rounds after a warm-up of %d events"
                        + " in each process; median (range). Filling the topics took %.0f s, off the clock.%n%n",
                events,
                sum(truth),
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
                    spread(own.stream().map(run -> events / run.wall()).toList()),
                    spread(own.stream().map(run -> events / run.cpu()).toList()),
                    micros(own.stream().map(Run::cpu).toList()),
                    micros(own.stream().map(Run::broker).toList()),
                    micros(own.stream().map(Run::redis).toList())));
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

    private String micros(List<Double> seconds) {
        return String.format(Locale.ROOT, "%.2f", Figures.median(seconds) * 1e6 / events);
    }
}
