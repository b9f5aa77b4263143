package io.granary.cluster.hive;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.hive.thriftserver.HiveThriftServer2;

/** Spark SQL behind the HiveServer2 protocol, on 127.0.0.1. */
public final class ThriftServer {
    private static final String EXTENSIONS = "io.granary.functions.GranaryExtensions";

    private ThriftServer() {}

    /**
     * Arguments: data folder, port, default file system, metastore URI, file to write the process id to when queries
     * are taken.
     */
    public static void main(String[] args) {
        try {
            Path data = Path.of(args[0]);
            int port = Integer.parseInt(args[1]);
            Files.createDirectories(data.resolve("tmp"));
            SparkSession session = session(data, port, args[2], args[3]);
            // The first query pays for the catalog; that is part of being ready.
            session.sql("SHOW DATABASES").collect();
            HiveThriftServer2.startWithContext(session.sqlContext());
            awaitPort(port);
            new ReadyFile(Path.of(args[4]), "thriftserver").announce();
        } catch (Throwable e) {
            System.err.println("thriftserver: cannot start");
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static SparkSession session(Path data, int port, String fs, String metastore) {
        // Hive's own temporary folders follow java.io.tmpdir, one for each session: Hive deletes a session's
        // resources folder when it closes, so that must never be a folder of Spark's.
        String tmp = data.resolve("tmp").toString();
        SparkSession.Builder builder = SparkSession.builder()
                .appName("granary thriftserver")
                .master("local[*]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.local.dir", tmp)
                .config("spark.scheduler.mode", "FAIR")
                .config("spark.cleaner.referenceTracking.cleanCheckpoints", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "4")
                .config("spark.sql.warehouse.dir", fs + "/granary/warehouse")
                .config("spark.sql.hive.thriftServer.singleSession", "false")
                .config("spark.hadoop.fs.defaultFS", fs)
                .config("spark.hadoop.dfs.replication", "1")
                .config("spark.hadoop.dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "10")
                .config("spark.hadoop.hadoop.tmp.dir", tmp)
                .config("spark.hadoop.hive.metastore.uris", metastore)
                .config("spark.hadoop.hive.exec.dynamic.partition", "true")
                .config("spark.hadoop.hive.exec.dynamic.partition.mode", "nonstrict")
                .config("spark.hadoop.hive.exec.max.dynamic.partitions", "100000")
                .config("spark.hadoop.hive.server2.logging.operation.enabled", "false")
                .config("spark.hadoop.hive.server2.thrift.bind.host", "127.0.0.1")
                .config("spark.hadoop.hive.server2.thrift.port", String.valueOf(port))
                .enableHiveSupport();
        if (onClassPath(EXTENSIONS)) {
            builder.config("spark.sql.extensions", EXTENSIONS);
        }
        return builder.getOrCreate();
    }

    private static boolean onClassPath(String name) {
        return ThriftServer.class.getClassLoader().getResource(name.replace('.', '/') + ".class") != null;
    }

    private static void awaitPort(int port) throws Exception {
        for (int tries = 0; ; tries++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return;
            } catch (IOException e) {
                if (tries == 100) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }
}
