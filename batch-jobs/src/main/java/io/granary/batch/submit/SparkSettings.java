package io.granary.batch.submit;

import io.granary.tablestore.HadoopSettings;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Settings of the Spark application of {@code granary submit}: those of the local Thrift Server where results depend on
 * them, and what a driver and executors of our own need.
 *
 * <p>On YARN the executors read the driver's class path at the same paths ({@code local:}): the distribution lies in the
 * same folder of every node, or {@code --conf spark.yarn.archive=hdfs://…} (or {@code spark.yarn.jars}) names it on the
 * file system. The files of {@code HADOOP_CONF_DIR} (or {@code YARN_CONF_DIR}) say where the resource manager is; they
 * reach application master and executors as settings.
 */
final class SparkSettings {
    private static final List<String> HADOOP_FILES = List.of("core-site.xml", "hdfs-site.xml", "yarn-site.xml");
    private static final String RESOURCE_MANAGER = "yarn.resourcemanager.";

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
        String folder = environment.getOrDefault("YARN_CONF_DIR", environment.get("HADOOP_CONF_DIR"));
        Map<String, String> cluster = folder == null ? Map.of() : hadoopFiles(Path.of(folder));
        cluster.forEach((key, value) -> values.putIfAbsent("spark.hadoop." + key, value));
        boolean known = Stream.concat(values.keySet().stream(), given.keySet().stream())
                .anyMatch(key -> key.startsWith("spark.hadoop." + RESOURCE_MANAGER));
        if (!known) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "--master yarn needs to know the resource manager: set HADOOP_CONF_DIR to the folder of"
                            + " yarn-site.xml, or give --conf spark.hadoop.yarn.resourcemanager.address=HOST:8032 and"
                            + " --conf spark.hadoop.yarn.resourcemanager.scheduler.address=HOST:8030");
        }
        if (!given.containsKey("spark.yarn.jars") && !given.containsKey("spark.yarn.archive")) {
            put("spark.yarn.jars", localJars(System.getProperty("java.class.path")));
        }
        String java = environment.get("JAVA_HOME");
        if (java != null) {
            put("spark.yarn.appMasterEnv.JAVA_HOME", java);
            put("spark.executorEnv.JAVA_HOME", java);
        }
        String address = addressTowards(resourceManager(cluster, given));
        put("spark.driver.host", address);
        put("spark.driver.bindAddress", address);
        if (InetAddress.getLoopbackAddress().getHostAddress().equals(address)) {
            put("spark.yarn.appMasterEnv.SPARK_LOCAL_IP", address);
            put("spark.executorEnv.SPARK_LOCAL_IP", address);
        }
    }

    /** What the site files say; a missing file says nothing. */
    private static Map<String, String> hadoopFiles(Path folder) {
        Map<String, String> values = new TreeMap<>();
        for (String name : HADOOP_FILES) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                Configuration site = new Configuration(false);
                site.addResource(new org.apache.hadoop.fs.Path(file.toUri()));
                site.forEach(entry -> values.put(entry.getKey(), entry.getValue()));
            }
        }
        return values;
    }

    private static String resourceManager(Map<String, String> cluster, Map<String, String> given) {
        Configuration all = new Configuration(false);
        cluster.forEach(all::set);
        given.forEach((key, value) -> {
            if (key.startsWith("spark.hadoop.")) {
                all.set(key.substring("spark.hadoop.".length()), value);
            }
        });
        for (Map.Entry<String, String> entry : all) {
            String key = entry.getKey();
            if (key.startsWith(RESOURCE_MANAGER + "address") || key.startsWith(RESOURCE_MANAGER + "hostname")) {
                return all.get(key).replaceFirst(":\\d+$", "");
            }
        }
        return "127.0.0.1";
    }

    /** The address of this machine that the cluster can call back; no packet is sent. */
    private static String addressTowards(String host) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(host, 9));
            return socket.getLocalAddress().getHostAddress();
        } catch (SocketException | IllegalArgumentException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "the resource manager's host '" + host + "' is not known here (" + e
                            + "). Correct yarn-site.xml, or give --conf spark.driver.host=ADDRESS and the right address.",
                    e);
        }
    }

    /** The class path as Spark names what every node has already. */
    static String localJars(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> "local:" + Path.of(entry).toAbsolutePath().normalize())
                .collect(Collectors.joining(","));
    }

    private void put(String key, String value) {
        values.put(key, value);
    }
}
