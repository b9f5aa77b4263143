package io.granary.bench;

import io.granary.bench.CollectChain.Collected;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The agent's CPU time for a line, beside that of Flume as it comes. */
@Command(
        name = "collect",
        mixinStandardHelpOptions = true,
        description = "CPU time of the agent for a log line, into Kafka and on to HDFS; stock Flume beside it.")
final class CollectBenchmark implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration STUCK = Duration.ofMinutes(20);

    private enum To {
        KAFKA,
        HDFS
    }

    /** Who collects in turn: Granary before and after each run of stock Flume, which takes longer. */
    private record Turn(CollectChain chain, To to) {}

    private static final List<Turn> TURNS = List.of(
            new Turn(CollectChain.GRANARY, To.KAFKA),
            new Turn(CollectChain.STOCK, To.KAFKA),
            new Turn(CollectChain.GRANARY, To.KAFKA),
            new Turn(CollectChain.GRANARY, To.HDFS),
            new Turn(CollectChain.STOCK, To.HDFS),
            new Turn(CollectChain.GRANARY, To.HDFS));

    @Mixin
    private Place place;

    @Option(
            names = "--lines",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "Lines measured (default: 10000000)")
    private int lines;

    @Option(
            names = "--stock-lines",
            paramLabel = "N",
            description = "Lines that stock Flume takes to HDFS, at about 60 µs each (default: as many)")
    private Integer stockLines;

    @Option(
            names = "--only",
            paramLabel = "TURN",
            description = "Only these turns: granary-kafka, granary-hdfs, stock-kafka, stock-hdfs",
            split = ",")
    private List<String> only = List.of();

    @Option(
            names = "--agent-flags",
            paramLabel = "FLAGS",
            split = " ",
            description = "More JVM flags for all agents, to look inside them")
    private List<String> flags = List.of();

    @Option(names = "--stock", paramLabel = "JAR", required = true, hidden = true)
    private Path stock;

    /** What one agent needed; times in seconds. */
    private record Run(
            Turn turn,
            long warmLines,
            long lines,
            double startCpu,
            double warmCpu,
            double cpu,
            double wall,
            double broker,
            double dfs) {
        double wholeCpu() {
            return warmCpu + cpu;
        }
    }

    @Override
    public Integer call() throws Exception {
        Profile profile = place.profile();
        Path folder = Files.createDirectories(place.home().root().resolve("collect"));
        int warm = lines / 5;
        Path warmLog = folder.resolve("warm-up.log");
        Path log = folder.resolve("measured.log");
        LineTally warmLines = CollectLog.write(warmLog, 0, warm);
        LineTally measured = CollectLog.write(log, warm, warm + lines);
        Path stockLog = log;
        LineTally stockMeasured = measured;
        if (stockLines != null && stockLines < lines) {
            stockLog = folder.resolve("stock.log");
            stockMeasured = CollectLog.write(stockLog, warm, warm + stockLines);
        }
        Path stockWarmLog = folder.resolve("stock-warm-up.log");
        LineTally stockWarm = CollectLog.write(stockWarmLog, 0, Math.max(1, warm / 4));
        List<Run> runs = new ArrayList<>();
        for (Turn turn : TURNS) {
            if (!only.isEmpty() && !only.contains(name(turn))) {
                continue;
            }
            boolean few = turn.equals(new Turn(CollectChain.STOCK, To.HDFS));
            Collected at = new Collected(
                    Files.createDirectories(folder.resolve("run" + runs.size())), "r" + runs.size(), profile);
            Run run = few
                    ? collect(turn, at, stockWarmLog, stockWarm, stockLog, stockMeasured)
                    : collect(turn, at, warmLog, warmLines, log, measured);
            System.err.println("bench: " + name(turn) + ": " + run);
            runs.add(run);
        }
        print(runs, measured);
        return 0;
    }

    private static String name(Turn turn) {
        return (turn.chain() + "-" + turn.to()).toLowerCase(Locale.ROOT);
    }

    private Run collect(Turn turn, Collected at, Path warmLog, LineTally warm, Path log, LineTally measured)
            throws Exception {
        Files.createDirectories(at.logs());
        try (CollectTopic topic = new CollectTopic(at.profile().kafka(), at.topic(), at.group());
                CollectLanding landing = new CollectLanding(at.profile(), at.source())) {
            String properties = turn.chain().properties(at, place.verbs(), turn.to() == To.HDFS);
            appear(warmLog, at);
            Run run;
            try (AgentProcess agent = start(turn.chain(), at, properties)) {
                await(agent, () -> turn.chain().acknowledged(at) > 0);
                double started = agent.cpu();
                awaitAll(turn, at, agent, topic, warm.bytes());
                ClusterCpu broker = new ClusterCpu(place.home(), List.of("kafka"));
                ClusterCpu dfs = new ClusterCpu(place.home(), List.of("hdfs"));
                double warmCpu = agent.cpu();
                long begin = System.nanoTime();
                appear(log, at);
                awaitAll(turn, at, agent, topic, warm.bytes() + measured.bytes());
                double wall = (System.nanoTime() - begin) / 1e9;
                run = new Run(
                        turn,
                        warm.lines(),
                        measured.lines(),
                        started,
                        warmCpu,
                        agent.cpu() - warmCpu,
                        wall,
                        broker.sinceLast(),
                        dfs.sinceLast());
            }
            LineTally expected = new LineTally();
            expected.add(warm);
            expected.add(measured);
            expected.requireEqual(turn.to() == To.HDFS ? landing.tally() : topic.tally(), name(turn));
            return run;
        }
    }

    private AgentProcess start(CollectChain chain, Collected at, String properties) throws IOException {
        Path dist = place.verbs().dist();
        List<String> all = new ArrayList<>(chain.flags(dist));
        all.addAll(flags);
        return AgentProcess.start(dist, at.folder(), chain.agent(), properties, List.of(stock), all);
    }

    /** The whole file is there at once, as one that is moved into place. */
    private static void appear(Path log, Collected at) throws IOException {
        Path link = at.folder().resolve(log.getFileName());
        Files.createLink(link, log);
        Files.move(link, at.logs().resolve(log.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private void awaitAll(Turn turn, Collected at, AgentProcess agent, CollectTopic topic, long bytes)
            throws Exception {
        await(agent, () -> turn.chain().acknowledged(at) >= bytes);
        if (turn.to() == To.HDFS) {
            await(agent, topic::isLanded);
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(AgentProcess agent, Condition condition) throws Exception {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            agent.requireAlive();
            if (System.nanoTime() - begin > STUCK.toNanos()) {
                throw new GranaryException(ErrorCode.EXTERNAL, "the agent collected not all within " + STUCK);
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private static void print(List<Run> runs, LineTally measured) {
        System.out.println(measured.lines() + " lines, "
                + String.format(Locale.ROOT, "%.1f", (double) measured.bytes() / measured.lines())
                + " bytes each. Microseconds of CPU (user + sys) for a line, each agent a JVM of its own:");
        System.out.println();
        Figures.table(
                System.out,
                List.of("", "lines", "agent, warm", "agent, whole run", "broker", "HDFS", "lines/s"),
                runs.stream()
                        .map(run -> Arrays.asList(
                                name(run.turn()),
                                run.warmLines() + " + " + run.lines(),
                                micros(run.cpu(), run.lines()),
                                micros(run.wholeCpu(), run.warmLines() + run.lines()),
                                micros(run.broker(), run.lines()),
                                micros(run.dfs(), run.lines()),
                                Long.toString(Math.round(run.lines() / run.wall()))))
                        .toList());
    }

    private static String micros(double seconds, long lines) {
        return String.format(Locale.ROOT, "%.2f", seconds * 1e6 / lines);
    }
}
