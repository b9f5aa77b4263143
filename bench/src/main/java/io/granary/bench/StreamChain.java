package io.granary.bench;

import io.granary.bench.AdTopic.Input;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** Who counts, and where it puts what it counted. */
enum StreamChain {
    GRANARY("io.granary.bench.GranaryStreamPeer"),
    /** Reads JSON by Flink's Jackson and counts before the exchange, as Flink's SQL planner does. */
    FLINK("io.granary.bench.flink.FlinkStreamPeer"),
    /** Every view goes through the exchange. */
    FLINK_KEYED("io.granary.bench.flink.KeyedFlinkStreamPeer"),
    /** Finds the fields with a scanner written for the benchmark's events. */
    FLINK_SCAN("io.granary.bench.flink.ScanningFlinkStreamPeer"),
    SPARK("io.granary.bench.SparkStreamPeer");

    private static final String VIEWS = "#views";
    private static final String PLAIN = "ysb:";
    private static final int SCAN = 1000;

    private final String job;

    StreamChain(String job) {
        this.job = job;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isFlink() {
        return this == FLINK || this == FLINK_KEYED || this == FLINK_SCAN;
    }

    /** A topic's records that a batch takes at most: about two million events. */
    static int records(Input input) {
        return input == Input.CHUNKS ? 8000 : 2_000_000;
    }

    /** The process; the same flags for all. */
    List<String> command(Path dist, Peers peers, Map<String, String> task) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Files.readAllLines(dist.resolve("conf/jvm/streaming")).stream()
                .filter(flag -> !flag.startsWith("-X"))
                .forEach(command::add);
        command.addAll(List.of("-Xms3g", "-Xmx3g", "-XX:+UseParallelGC"));
        command.add("-Dlog4j2.configurationFile=" + dist.resolve("conf/log4j2.properties"));
        command.addAll(peers.flags());
        command.addAll(List.of("-cp", classPath(peers.flink()), StreamPeer.class.getName(), job));
        task.forEach((name, value) -> command.add(name + "=" + value));
        return command;
    }

    private String classPath(Path flink) throws IOException {
        String own = System.getProperty("java.class.path");
        if (!isFlink()) {
            return own;
        }
        if (flink == null) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "--flink is missing, the folder of Flink's class path: `bench/run stream` gives it");
        }
        // of ours only the classes of this module
        try (Stream<Path> jars = Files.list(flink)) {
            return Stream.concat(
                            jars.map(Path::toString).sorted(),
                            Arrays.stream(own.split(":")).limit(1))
                    .collect(Collectors.joining(":"));
        }
    }

    /** What stands in Redis, as {@link AdEvents#truth} has it. */
    Map<String, Long> counted(Jedis redis) {
        if (this == GRANARY) {
            return counted(redis, "ysb.view", "10s");
        }
        Map<String, Long> counts = new HashMap<>();
        for (String key : keys(redis, PLAIN + "*")) {
            redis.hgetAll(key)
                    .forEach((field, value) ->
                            counts.put(field + " " + key.substring(PLAIN.length()), Long.valueOf(value)));
        }
        return counts;
    }

    /** Views in a counter of Granary's: by first second of the window, a space and the counter's key. */
    static Map<String, Long> counted(Jedis redis, String counter, String window) {
        Map<String, Long> counts = new HashMap<>();
        for (String key : keys(redis, "g:*:c:" + counter + ":" + window + ":*")) {
            String bucket = key.substring(key.lastIndexOf(':') + 1);
            redis.hgetAll(key).forEach((field, value) -> {
                if (field.endsWith(VIEWS)) {
                    counts.put(bucket + " " + field.substring(0, field.length() - VIEWS.length()), Long.valueOf(value));
                }
            });
        }
        return counts;
    }

    private static List<String> keys(Jedis redis, String pattern) {
        List<String> keys = new ArrayList<>();
        ScanParams params = new ScanParams().match(pattern).count(SCAN);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> found = redis.scan(cursor, params);
            keys.addAll(found.getResult());
            cursor = found.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return keys;
    }
}
