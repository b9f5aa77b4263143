package io.granary.functions;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Spark in the test's own process, with Granary's functions. */
public final class TestSpark {
    private TestSpark() {}

    /** @param folder takes what Spark keeps of tables */
    public static SparkSession start(Path folder) {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.warehouse.dir", folder.toUri().toString())
                .config("spark.sql.extensions", GranaryExtensions.class.getName())
                .getOrCreate();
    }
}
