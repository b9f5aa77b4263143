package io.granary.batch.submit;

import io.granary.tablestore.HadoopSettings;
import io.granary.tablestore.YarnSettings;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Settings of the Spark application of {@code granary submit}: those of the local Thrift Server where results depend on
 * them, and what a driver and executors of our own need; on YARN those of {@link YarnSettings}.
 */
final class SparkSettings {
    private final Map<String, String> values = new LinkedHashMap<>();

    private SparkSettings() {}

    /**
     * @param master {@code local[*]}, {@code yarn} or any other of Spark
     * @param given settings of the user, which come last
     */
    static Map<String, String> of(
            String master, Profile profile, Home home, Map<String, String> environment, Map<String, String> given) {
        SparkSettings settings = new SparkSettings();
        settings.warehouse(profile);
        settings.driver(master, home);
        if (master.startsWith("yarn")) {
            settings.yarn(environment, given);
        } else if (master.startsWith("local")) {
            settings.put("spark.driver.host", "127.0.0.1");
            settings.put("spark.driver.bindAddress", "127.0.0.1");
            settings.put("spark.sql.shuffle.partitions", "4");
        }
        given.forEach(settings::put);
        return settings.values;
    }

    private void warehouse(Profile profile) {
        Configuration hadoop = HadoopSettings.of(profile);
        put("spark.hadoop.fs.defaultFS", profile.fs());
        for (String key : List.of("dfs.replication", "dfs.client.block.write.locateFollowingBlock.initial.delay.ms")) {
            if (hadoop.getRaw(key) != null) {
                put("spark.hadoop." + key, hadoop.get(key));
            }
        }
        put("spark.sql.catalogImplementation", "hive");
        put("spark.sql.extensions", "io.granary.functions.GranaryExtensions");
        put("spark.sql.session.timeZone", "UTC");
        put("spark.sql.warehouse.dir", profile.fs().replaceFirst("/+$", "") + "/granary/warehouse");
        put("spark.hadoop.hive.metastore.uris", profile.metastore());
        put("spark.hadoop.hive.exec.dynamic.partition", "true");
        put("spark.hadoop.hive.exec.dynamic.partition.mode", "nonstrict");
        put("spark.hadoop.hive.exec.max.dynamic.partitions", "100000");
        put("spark.hadoop.hive.exec.max.dynamic.partitions.pernode", "100000");
    }

    private void driver(String master, Home home) {
        Path tmp = home.data("submit").resolve("tmp").toAbsolutePath();
        try {
            Files.createDirectories(tmp);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot create the folder " + tmp + ": " + e, e);
        }
        put("spark.master", master);
        put("spark.app.name", "granary");
        put("spark.ui.enabled", "false");
        put("spark.scheduler.mode", "FAIR");
        put("spark.cleaner.referenceTracking.cleanCheckpoints", "false");
        put("spark.local.dir", tmp.toString());
        if (!master.startsWith("yarn")) {
            // on YARN it would reach the node managers' side too, where this folder is not
            put("spark.hadoop.hadoop.tmp.dir", tmp.toString());
        }
    }

    private void yarn(Map<String, String> environment, Map<String, String> given) {
        put("spark.submit.deployMode", "client");
        YarnSettings yarn = YarnSettings.of(environment, given);
        yarn.values().forEach(values::putIfAbsent);
        put("spark.driver.host", yarn.address());
        put("spark.driver.bindAddress", yarn.address());
    }

    private void put(String key, String value) {
        values.put(key, value);
    }
}
