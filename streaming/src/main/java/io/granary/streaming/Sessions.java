package io.granary.streaming;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The Spark session of the streaming job: in this process, nothing open to the network; or, when {@code granary submit}
 * has put the process on a cluster, with the executors that it asked for.
 */
public final class Sessions {
    private static final int LOCAL_CORES = 2;

    private Sessions() {}

    public static SparkSession open(Profile profile, Home home) {
        boolean isSubmitted = System.getProperty("spark.master") != null;
        Map<String, String> settings = new LinkedHashMap<>(common("granary-streaming"));
        if (!isSubmitted) {
            Path data = home.data("streaming");
            settings.putAll(inProcess());
            settings.put("spark.local.dir", data.resolve("spark").toString());
            settings.put(
                    "spark.sql.warehouse.dir", data.resolve("warehouse").toUri().toString());
        }
        int partitions = profile.streaming().partitions();
        int cores = isSubmitted ? cores() : LOCAL_CORES;
        settings.put("spark.sql.shuffle.partitions", Integer.toString(partitions > 0 ? partitions : cores));
        settings.put("spark.hadoop.fs.defaultFS", profile.fs());
        // the last block of a file of ours is reported within milliseconds, not 400
        settings.put("spark.hadoop.dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "10");
        if (profile.name().equals("local")) {
            settings.put("spark.hadoop.dfs.replication", "1");
        }
        // what the person who submitted has set comes first
        settings.keySet().removeIf(key -> System.getProperty(key) != null);
        SparkSession.Builder builder = SparkSession.builder();
        settings.forEach(builder::config);
        return builder.getOrCreate();
    }

    /** A session in this process, as tests use it too. */
    public static SparkSession.Builder local(String name) {
        SparkSession.Builder builder = SparkSession.builder();
        common(name).forEach(builder::config);
        inProcess().forEach(builder::config);
        return builder;
    }

    private static Map<String, String> common(String name) {
        return Map.of(
                "spark.app.name", name,
                "spark.sql.catalogImplementation", "in-memory",
                "spark.sql.session.timeZone", "UTC",
                "spark.sql.shuffle.partitions", Integer.toString(LOCAL_CORES),
                "spark.sql.adaptive.enabled", "false",
                "spark.sql.extensions", "io.granary.functions.GranaryExtensions");
    }

    private static Map<String, String> inProcess() {
        return Map.of(
                "spark.master", "local[" + LOCAL_CORES + "]",
                "spark.driver.host", "127.0.0.1",
                "spark.driver.bindAddress", "127.0.0.1",
                "spark.ui.enabled", "false",
                "spark.sql.streaming.ui.enabled", "false");
    }

    /** Cores that the executors have together, by what was asked for. */
    private static int cores() {
        return Integer.getInteger("spark.executor.instances", 2) * Integer.getInteger("spark.executor.cores", 1);
    }
}
