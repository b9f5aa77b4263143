package io.granary.batch.quality;

import org.apache.spark.sql.SparkSession;

/** The Spark in this process that unit tests run on: one thread, no catalog, no cluster, nothing open to the network. */
final class UnitTestSession {
    private UnitTestSession() {}

    static SparkSession open() {
        return SparkSession.builder()
                .appName("granary unit tests")
                .master("local[1]")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.ui.enabled", false)
                .config("spark.sql.catalogImplementation", "in-memory")
                .config("spark.sql.extensions", "io.granary.functions.GranaryExtensions")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", 1)
                .config("spark.sql.adaptive.enabled", false)
                // a few rows are sooner interpreted than compiled
                .config("spark.sql.codegen.wholeStage", false)
                .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                .getOrCreate();
    }
}
