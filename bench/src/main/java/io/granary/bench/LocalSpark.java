package io.granary.bench;

import org.apache.spark.sql.SparkSession;

/** Spark in the benchmark's own process, with Granary's functions, as streaming and sealing set it up. */
final class LocalSpark {
    private LocalSpark() {}

    static SparkSession session(Place place, int cores) {
        return SparkSession.builder()
                .master("local[" + cores + "]")
                .appName("bench")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.ui.enabled", "false")
                .config("spark.local.dir", place.home().root().resolve("spark").toString())
                .config("spark.sql.catalogImplementation", "in-memory")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.legacy.timeParserPolicy", "CORRECTED")
                .config("spark.sql.extensions", "io.granary.functions.GranaryExtensions")
                .getOrCreate();
    }
}
