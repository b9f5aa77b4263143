package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.File;
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
 * Settings of a Spark application on YARN. Application master and executors read this process's class path at the same
 * paths ({@code local:}): the distribution lies in the same folder of every node, or {@code spark.yarn.archive} (or
 * {@code spark.yarn.jars}) names it on the file system. The files of {@code HADOOP_CONF_DIR} (or {@code YARN_CONF_DIR})
 * say where the resource manager is; they reach the containers as settings.
 *
 * @param values of Spark
 * @param address of this machine that the cluster can call back
 */
public record YarnSettings(Map<String, String> values, String address) {
    private static final List<String> HADOOP_FILES = List.of("core-site.xml", "hdfs-site.xml", "yarn-site.xml");
    private static final String HADOOP = "spark.hadoop.";
    private static final String RESOURCE_MANAGER = "yarn.resourcemanager.";

    /**
     * Collects the settings.
     *
     * @param given settings of the user, which come last and are not repeated in the result
     * @throws GranaryException when nothing says where the resource manager is
     */
    public static YarnSettings of(Map<String, String> environment, Map<String, String> given) {
        Map<String, String> values = new LinkedHashMap<>();
        String folder = environment.getOrDefault("YARN_CONF_DIR", environment.get("HADOOP_CONF_DIR"));
        Map<String, String> cluster = folder == null ? Map.of() : hadoopFiles(Path.of(folder));
        cluster.forEach((key, value) -> values.put(HADOOP + key, value));
        boolean isKnown = Stream.concat(values.keySet().stream(), given.keySet().stream())
                .anyMatch(key -> key.startsWith(HADOOP + RESOURCE_MANAGER));
        if (!isKnown) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "--master yarn needs to know the resource manager: set HADOOP_CONF_DIR to the folder of"
                            + " yarn-site.xml, or give --conf spark.hadoop.yarn.resourcemanager.address=HOST:8032 and"
                            + " --conf spark.hadoop.yarn.resourcemanager.scheduler.address=HOST:8030");
        }
        if (!given.containsKey("spark.yarn.jars") && !given.containsKey("spark.yarn.archive")) {
            values.put("spark.yarn.jars", localJars(System.getProperty("java.class.path")));
        }
        String java = environment.get("JAVA_HOME");
        if (java != null) {
            values.put("spark.yarn.appMasterEnv.JAVA_HOME", java);
            values.put("spark.executorEnv.JAVA_HOME", java);
        }
        String address = addressTowards(resourceManager(cluster, given));
        if (InetAddress.getLoopbackAddress().getHostAddress().equals(address)) {
            values.put("spark.yarn.appMasterEnv.SPARK_LOCAL_IP", address);
            values.put("spark.executorEnv.SPARK_LOCAL_IP", address);
        }
        return new YarnSettings(values, address);
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
            if (key.startsWith(HADOOP)) {
                all.set(key.substring(HADOOP.length()), value);
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
}
