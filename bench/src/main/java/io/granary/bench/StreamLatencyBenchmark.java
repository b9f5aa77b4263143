package io.granary.bench;

import io.granary.bench.AdTopic.Input;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redis.clients.jedis.Jedis;

/** How long a line takes from the log file to a counter in Redis, beside a steady load. */
@Command(
        name = "stream-latency",
        mixinStandardHelpOptions = true,
        description =
                "Time from a line written to its log until its counter can be read in Redis, beside a steady load.")
final class StreamLatencyBenchmark implements Callable<Integer> {
    private static final String PROBE = "probe";
    private static final String PROBE_AD = "00000000-0000-0000-0000-000000000000";
    private static final String LINE = "{\"user_id\": \"u\", \"page_id\": \"p\", \"ad_id\": \"" + PROBE_AD
            + "\", \"ad_type\": \"mail\", \"event_type\": \"view\", \"event_time\": \"%s\", \"ip_address\": \"1.2.3.4\"}\n";
    private static final String PROBE_COUNTER = """
            description: The views that are waited for.
            from: dwd_ysb_view_di
            time: event_time
            where: campaign_id = 'probe'
            by: [campaign_id]
            windows: [total]
            measures:
              - {name: views, type: count}
            """;
    private static final String TOPIC = "granary.ysb.ad";
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final long LOOK = 1_000_000;

    @Mixin
    private Place place;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "700000",
            description = "Lines a second of the load (default: 700000, 70 %% of the goal of a million on two cores)")
    private double rate;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "60", description = "Seconds measured (default: 60)")
    private int seconds;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "30", description = "Seconds before (default: 30)")
    private int warmUp;

    @Option(
            names = "--probes",
            paramLabel = "N",
            defaultValue = "50",
            description = "Lines a second that are waited for (default: 50)")
    private int probes;

    @Option(
            names = "--trigger",
            paramLabel = "MS",
            defaultValue = "0",
            description = "Shortest time between two batches in ms (default: 0)")
    private int trigger;

    @Mixin
    private Peers peers = new Peers();

    /** When each probe was to be written, and when its counter was read; ns. */
    private record Probed(long[] due, long[] seen) {}

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createDirectories(place.home().root().resolve("stream"));
        AdEvents events = new AdEvents(System.currentTimeMillis(), new AdEvents.Shape(0, 1_000_000, 100));
        List<String> ads = new ArrayList<>(events.adsOfCampaigns());
        ads.add(PROBE_AD + "," + PROBE);
        Map<String, String> counters = new TreeMap<>(AdProject.oneCounter());
        counters.put(PROBE, PROBE_COUNTER);
        AdProject project = new AdProject(place.verbs(), folder, ads, counters);
        String properties = project.verbs()
                .text("agent", "config", "--host", "bench")
                .lines()
                .filter(line -> !line.startsWith("granary.sinks"))
                .collect(Collectors.joining("\n", "", "\n"));
        Files.createDirectories(folder.resolve("agent"));
        try (Jedis redis = new Jedis(URI.create(place.profile().redis()));
                AdTopic topic = new AdTopic(place.profile().kafka(), TOPIC, Input.CHUNKS);
                AgentProcess agent = AgentProcess.start(
                        place.verbs().dist(),
                        folder.resolve("agent"),
                        CollectChain.GRANARY.agent(),
                        properties,
                        List.of(),
                        CollectChain.GRANARY.flags(place.verbs().dist()));
                StreamProcess job = new StreamProcess(
                        StreamChain.GRANARY.command(place.verbs().dist(), peers, task(project)),
                        folder.resolve("log"))) {
            redis.flushAll();
            AdStream load = new AdStream(topic, events, rate, warmUp / 2.0);
            job.begin(TOPIC, folder.resolve("latency"));
            load.first();
            awaitCounting(redis, agent, job);
            CompletableFuture<Void> loading = CompletableFuture.runAsync(load, command -> thread(command, "load"));
            measure(folder, load, agent, job, loading);
        }
        return 0;
    }

    private Map<String, String> task(AdProject project) {
        Map<String, String> task = new LinkedHashMap<>();
        task.put("home", project.home().root().toString());
        task.put("input", Input.CHUNKS.word());
        task.put("records", Integer.toString(StreamChain.records(Input.CHUNKS)));
        task.put("trigger", Integer.toString(trigger));
        task.put("for_ever", "true");
        return task;
    }

    private static void thread(Runnable command, String name) {
        Thread thread = new Thread(command, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** What was used until now: seconds of CPU, and lines of the load. */
    private record Used(long at, long sent, double job, double agent, double broker, double redis, double own) {}

    private void measure(
            Path folder, AdStream load, AgentProcess agent, StreamProcess job, CompletableFuture<Void> loading)
            throws Exception {
        ClusterCpu broker = new ClusterCpu(place.home(), List.of("kafka"));
        ClusterCpu redis = new ClusterCpu(place.home(), List.of("redis"));
        Supplier<Used> used = () -> new Used(
                System.nanoTime(),
                load.sent(),
                job.cpu(),
                agent.cpu(),
                broker.sinceLast(),
                redis.sinceLast(),
                Figures.seconds(
                        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO)));
        int unmeasured = probes * warmUp;
        Probed probed = new Probed(new long[unmeasured + probes * seconds], new long[unmeasured + probes * seconds]);
        CompletableFuture<Void> writing = CompletableFuture.runAsync(
                () -> write(folder.resolve("logs/ad.log"), probed.due()), command -> thread(command, "probe"));
        read(probed.seen(), 0, unmeasured, agent, job);
        Used before = used.get();
        read(probed.seen(), unmeasured, probed.seen().length, agent, job);
        Used after = used.get();
        writing.get();
        load.stop();
        loading.get();
        print(probed, before, after);
    }

    /** Until the job has counted its first lines. */
    private void awaitCounting(Jedis redis, AgentProcess agent, StreamProcess job) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (redis.hget(RedisKeys.asOf("ysb.ad"), "batch") == null) {
            agent.requireAlive();
            job.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new GranaryException(ErrorCode.EXTERNAL, "the job counted nothing within " + PATIENCE);
            }
            LockSupport.parkNanos(LOOK);
        }
    }

    /** Writes line after line, each at its time whatever became of those before. */
    private void write(Path log, long[] due) {
        long begin = System.nanoTime();
        Arrays.setAll(due, i -> begin + i * 1_000_000_000L / probes);
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long at : due) {
                while (System.nanoTime() < at) {
                    LockSupport.parkNanos(at - System.nanoTime());
                }
                String line = String.format(Locale.ROOT, LINE, Instant.ofEpochMilli(System.currentTimeMillis()));
                file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + log + ": " + e, e);
        }
    }

    /** Notes when the counter had each of some lines: the n-th line when it shows n or more. */
    private void read(long[] seen, int from, int to, AgentProcess agent, StreamProcess job) throws IOException {
        String counter = "ysb." + PROBE;
        String key = RedisKeys.values(RedisKeys.shard(counter, PROBE), counter, "total", 0);
        int known = from;
        long last = System.nanoTime();
        try (Jedis redis = new Jedis(URI.create(place.profile().redis()))) {
            while (known < to) {
                String value = redis.hget(key, PROBE + "#views");
                long now = System.nanoTime();
                long count = value == null ? 0 : Long.parseLong(value);
                if (count > seen.length) {
                    throw new GranaryException(ErrorCode.DATA, count + " lines counted of " + seen.length);
                }
                for (; known < Math.min(count, to); known++) {
                    seen[known] = now;
                    last = now;
                }
                agent.requireAlive();
                job.requireAlive();
                if (now - last > PATIENCE.toNanos()) {
                    throw new GranaryException(ErrorCode.DATA, known + " of " + seen.length + " lines were counted");
                }
                LockSupport.parkNanos(LOOK);
            }
        }
    }

    private void print(Probed probed, Used before, Used after) {
        double wall = (after.at() - before.at()) / 1e9;
        double[] milliseconds = IntStream.range(probes * warmUp, probed.due().length)
                .mapToDouble(i -> (probed.seen()[i] - probed.due()[i]) / 1e6)
                .sorted()
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "%d lines of a log, %d a second, after %d s of warm-up, beside a load of %.0f lines a second (asked for:"
                        + " %.0f); milliseconds from when a line was to be written until its counter was read in Redis:%n%n",
                milliseconds.length,
                probes,
                warmUp,
                (after.sent() - before.sent()) / wall,
                rate);
        Figures.percentiles(System.out, milliseconds, "%.0f");
        System.out.printf(
                Locale.ROOT,
                "Cores in use on average: job %.2f, agent %.2f, broker %.2f, Redis %.2f, load and probe %.2f.%n",
                (after.job() - before.job()) / wall,
                (after.agent() - before.agent()) / wall,
                after.broker() / wall,
                after.redis() / wall,
                (after.own() - before.own()) / wall);
    }
}
