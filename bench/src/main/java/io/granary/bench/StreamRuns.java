package io.granary.bench;

import io.granary.bench.AdTopic.Input;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;

/**
 * Counts topics, each time in a process of its own that counts the warm-up's topic first. Redis is emptied before.
 *
 * @param home state folder of the project that Granary counts
 */
record StreamRuns(Place place, Peers peers, Path home) {
    /** The part of a load that comes before what is measured. */
    static final String WARM_UP = "warm";

    /** What a topic took: seconds, and CPU seconds of process, broker and Redis. */
    record Cost(double wall, double cpu, double broker, double redis) {}

    /** @throws GranaryException when a count is not what the load's generator knows */
    Cost run(StreamChain chain, Input input, Path folder, AdLoad load, String part) throws IOException {
        Map<String, String> task = new LinkedHashMap<>();
        task.put("kafka", place.profile().kafka());
        task.put("redis", place.profile().redis());
        task.put("ads", load.ads().toString());
        task.put("input", input.word());
        task.put("records", Integer.toString(StreamChain.records(input)));
        task.put("trigger", "1000");
        task.put("home", home.toString());
        List<String> command = chain.command(place.verbs().dist(), peers, task);
        try (Jedis redis = new Jedis(URI.create(place.profile().redis()));
                StreamProcess process = new StreamProcess(command, folder.resolve("log"))) {
            redis.flushAll();
            process.run(load.topic(WARM_UP, input), folder.resolve(WARM_UP));
            redis.flushAll();
            ClusterCpu broker = new ClusterCpu(place.home(), List.of("kafka"));
            ClusterCpu store = new ClusterCpu(place.home(), List.of("redis"));
            StreamProcess.Ran ran = process.run(load.topic(part, input), folder.resolve(part));
            Cost cost = new Cost(ran.wall(), ran.cpu(), broker.sinceLast(), store.sinceLast());
            requireTruth(chain.word() + ", " + input.word(), load.truth(part), chain.counted(redis));
            return cost;
        }
    }

    private static void requireTruth(String who, Map<String, Long> truth, Map<String, Long> counted) {
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
                who + " counted " + sum(counted) + " views in " + counted.size() + " counters; there were " + sum(truth)
                        + " in " + truth.size() + "; " + example);
    }

    static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
