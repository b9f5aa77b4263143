package io.granary.ingestion.sync.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The Spark application of this process. */
public final class SparkApplication {
    private SparkApplication() {}

    /** Its session; its master is the one that spark-submit gives, or this machine. */
    public static SparkSession session() {
        SparkConf settings = new SparkConf()
                .setIfMissing("spark.app.name", "granary sync")
                .setIfMissing("spark.master", "local[*]")
                .setIfMissing("spark.ui.enabled", "false")
                .setIfMissing("spark.sql.session.timeZone", "UTC");
        if (settings.get("spark.master").startsWith("local")) {
            settings.setIfMissing("spark.driver.host", "127.0.0.1");
            settings.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        }
        return SparkSession.builder().config(settings).getOrCreate();
    }
}
