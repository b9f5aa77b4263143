package io.granary.cluster.hdfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.server.datanode.DataNode;
import org.apache.hadoop.hdfs.server.namenode.NameNode;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;

/**
 * A NameNode and a DataNode in one process, on 127.0.0.1 only, with their data in one folder.
 *
 * <p>The two servers are used directly and not through MiniDFSCluster: that one deletes all data when its JVM ends in
 * an orderly way.
 */
public final class HdfsNode {
    private static final String LOOPBACK_ANY_PORT = "127.0.0.1:0";

    private HdfsNode() {}

    /** Arguments: data folder, port of the NameNode, file to write the process id to when HDFS takes requests. */
    public static void main(String[] args) {
        try {
            Path data = Path.of(args[0]);
            run(configuration(data, Integer.parseInt(args[1])), data, Path.of(args[2]));
        } catch (Throwable e) {
            System.err.println("hdfs: cannot start");
            e.printStackTrace();
            // NameNode and DataNode leave threads behind that would keep a broken process alive.
            Runtime.getRuntime().halt(1);
        }
    }

    private static void run(Configuration conf, Path data, Path ready) throws Exception {
        DefaultMetricsSystem.setMiniClusterMode(true);
        if (!Files.exists(data.resolve("name/current/VERSION"))) {
            if (Files.exists(data.resolve("data/current/VERSION"))) {
                throw new IOException("the name folder " + data.resolve("name") + " is gone but the blocks in "
                        + data.resolve("data") + " are there. Put the name folder back, or move " + data
                        + " away to start empty.");
            }
            NameNode.format(conf);
        }
        NameNode name = new NameNode(conf);
        DataNode node = DataNode.createDataNode(new String[0], conf);
        while (!node.isDatanodeFullyStarted() || name.isInSafeMode()) {
            if (!node.isDatanodeUp()) {
                throw new IOException("the DataNode gave up, see above");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(name, node, ready), "hdfs-stop"));
        announce(ready);
        name.join();
    }

    private static void stop(NameNode name, DataNode node, Path ready) {
        try {
            Files.deleteIfExists(ready);
        } catch (IOException e) {
            System.err.println("hdfs: " + e);
        }
        node.shutdown();
        name.stop();
        System.err.println("hdfs: stopped");
    }

    private static Configuration configuration(Path data, int port) {
        Configuration conf = new Configuration();
        conf.set("fs.defaultFS", "hdfs://127.0.0.1:" + port);
        conf.set("hadoop.tmp.dir", data.resolve("tmp").toString());
        conf.set("dfs.namenode.name.dir", data.resolve("name").toUri().toString());
        // A path, not a URI: Hadoop uses the text in a format string, and the %20 of a space breaks that.
        conf.set("dfs.datanode.data.dir", data.resolve("data").toString());
        conf.set("dfs.namenode.rpc-address", "127.0.0.1:" + port);
        conf.set("dfs.namenode.http-address", LOOPBACK_ANY_PORT);
        conf.set("dfs.datanode.address", LOOPBACK_ANY_PORT);
        conf.set("dfs.datanode.http.address", LOOPBACK_ANY_PORT);
        conf.set("dfs.datanode.ipc.address", LOOPBACK_ANY_PORT);
        conf.set("dfs.datanode.hostname", "127.0.0.1");
        conf.setBoolean("dfs.namenode.datanode.registration.ip-hostname-check", false);
        conf.setInt("dfs.replication", 1);
        conf.setBoolean("dfs.permissions.enabled", false);
        // A closed block is on the disk, not only in the page cache.
        conf.setBoolean("dfs.datanode.synconclose", true);
        // Leave safe mode as soon as the one DataNode has reported its blocks.
        conf.setInt("dfs.namenode.safemode.min.datanodes", 1);
        conf.setInt("dfs.namenode.safemode.extension", 0);
        conf.setInt("dfs.namenode.handler.count", 6);
        conf.setInt("dfs.datanode.handler.count", 4);
        conf.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 10);
        conf.setLong("dfs.heartbeat.interval", 1);
        return conf;
    }

    private static void announce(Path ready) throws IOException {
        Path part = ready.resolveSibling(ready.getFileName() + ".part");
        Files.writeString(part, ProcessHandle.current().pid() + "\n");
        Files.move(part, ready, StandardCopyOption.ATOMIC_MOVE);
        System.err.println("hdfs: ready");
    }
}
