package io.granary.ingestion.sync.spark;

import io.granary.tablestore.Sessions;
import io.granary.warehouse.config.Profile;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The Spark application that the spark engine runs in; a process has one. */
@FunctionalInterface
public interface SparkApplication {
    /** One of this process; its master is the one that spark-submit gives, or this machine. */
    SparkApplication OWN = profile -> own();

    /** Its session; the application is started by the first call. */
    SparkSession session(Profile profile);

    /** The application that these sessions run in, as {@code granary submit} starts it. */
    static SparkApplication of(Sessions sessions) {
        return profile -> {
            // opening one starts the application
            sessions.open(profile).close();
            return SparkSession.builder().getOrCreate();
        };
    }

    private static SparkSession own() {
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
