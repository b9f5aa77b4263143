package io.granary.tablestore.testing;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/**
 * What the tests of {@code granary submit} on YARN share. The cluster itself, Hadoop's mini cluster, is on the class path
 * with {@code -Pyarn} only.
 */
public record YarnScene(Path folder) {
    /** Settings of a cluster of one small node; {@code fs} is its default file system. */
    public YarnConfiguration settings(String fs) {
        YarnConfiguration conf = new YarnConfiguration();
        conf.set("fs.defaultFS", fs);
        conf.set("hadoop.tmp.dir", folder.resolve("hadoop").toString());
        conf.set("yarn.resourcemanager.hostname", "127.0.0.1");
        conf.set("yarn.nodemanager.hostname", "127.0.0.1");
        conf.set("yarn.nodemanager.bind-host", "127.0.0.1");
        conf.set("yarn.resourcemanager.bind-host", "127.0.0.1");
        conf.set(
                "yarn.resourcemanager.scheduler.class",
                "org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler");
        conf.setInt("yarn.nodemanager.resource.memory-mb", 4096);
        conf.setInt("yarn.scheduler.minimum-allocation-mb", 256);
        conf.setInt("yarn.nodemanager.resource.cpu-vcores", 8);
        conf.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
        conf.setBoolean("yarn.minicluster.fixed.ports", false);
        conf.set("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "99.5");
        System.setProperty("test.build.data", folder.resolve("yarn").toString());
        return conf;
    }

    /** From now on {@link #process} finds this cluster. */
    public void found(Configuration cluster) throws IOException {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        try (OutputStream out = Files.newOutputStream(conf.resolve("yarn-site.xml"))) {
            cluster.writeXml(out);
        }
    }

    /** To be closed. */
    public static YarnClient client(Configuration cluster) {
        YarnClient client = YarnClient.createYarnClient();
        client.init(cluster);
        client.start();
        return client;
    }

    /** A JVM that submits, with the class path that it has in the distribution, where nothing of the mini cluster is. */
    public ProcessBuilder process(List<String> flags, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("-XX") || flag.startsWith("-Djdk"))
                .toList());
        command.addAll(flags);
        command.addAll(List.of("-Duser.timezone=UTC", "-cp", classPath(), main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HADOOP_CONF_DIR", folder.resolve("conf").toString());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("hadoop-client-minicluster"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
