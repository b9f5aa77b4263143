package io.granary.streaming;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** The Spark session of the streaming job: in this process, nothing open to the network. */
public final class Sessions {
    private Sessions() {}

    public static SparkSession open(Profile profile, Home home) {
        Path data = home.data("streaming");
        SparkSession.Builder builder = local("granary-streaming")
                .config("spark.local.dir", data.resolve("spark").toString())
                .config(
                        "spark.sql.warehouse.dir",
                        data.resolve("warehouse").toUri().toString())
                .config("spark.hadoop.fs.defaultFS", profile.fs())
                // the last block of a file of ours is reported within milliseconds, not 400
                .config("spark.hadoop.dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "10");
        if (profile.name().equals("local")) {
            builder = builder.config("spark.hadoop.dfs.replication", "1");
        }
        return builder.getOrCreate();
    }

    /** What tests share with the job. */
    public static SparkSession.Builder local(String name) {
        return SparkSession.builder()
                .appName(name)
                .master("local[2]")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.streaming.ui.enabled", "false")
                .config("spark.sql.catalogImplementation", "in-memory")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.adaptive.enabled", "false")
                .config("spark.sql.extensions", "io.granary.functions.GranaryExtensions");
    }
}
