package io.granary.tablestore.testing;

import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.config.Profile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.hive.thriftserver.HiveThriftServer2;

/**
 * A real metastore, Spark and Thrift Server in this JVM over a folder of the local file system, on loopback: for tests.
 * Started once for all tests of a JVM; each test uses tables of its own.
 */
public final class LocalWarehouse {
    private static LocalWarehouse shared;

    private final Path folder;
    private final Profile profile;
    private final SparkSession spark;
    private final LocalMetastore metastore;

    private LocalWarehouse(Path folder) throws Exception {
        this.folder = folder;
        Files.createDirectories(folder.resolve("local"));
        System.setProperty(
                "derby.stream.error.file", folder.resolve("derby.log").toString());
        // nobody kills this metastore alone: no wait for the disk at each commit
        System.setProperty("derby.system.durability", "test");
        useFullDisk();
        this.metastore = LocalMetastore.start(folder);
        int sqlPort = LoopbackPort.anyFree();
        this.spark = SparkSession.builder()
                .master("local[2]")
                .appName("granary tests")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.hadoop.fs.file.impl", FullDisk.class.getName())
                // not UTC on purpose: sessions must see to it themselves
                .config("spark.sql.session.timeZone", "Asia/Shanghai")
                .config(
                        "spark.sql.warehouse.dir",
                        folder.resolve("spark-warehouse").toUri().toString())
                .config("spark.hadoop.hive.metastore.uris", metastore.uri())
                .config("spark.hadoop.hive.server2.thrift.bind.host", "127.0.0.1")
                .config("spark.hadoop.hive.server2.thrift.port", sqlPort)
                .config(
                        "spark.hadoop.hive.exec.scratchdir",
                        folder.resolve("scratch").toString())
                .config(
                        "spark.hadoop.hive.exec.local.scratchdir",
                        folder.resolve("local").toString())
                .config("spark.hadoop.hive.server2.logging.operation.enabled", false)
                .enableHiveSupport()
                .getOrCreate();
        HiveThriftServer2.startWithContext(spark.sqlContext());
        Path file = folder.resolve("profile.yaml");
        Files.writeString(
                file,
                "name: test\nfs: " + folder.resolve("files").toUri() + "\nmetastore: " + metastore.uri()
                        + "\nsql: jdbc:hive2://127.0.0.1:" + sqlPort + "/\n");
        this.profile = Profile.load(file, Map.of());
    }

    /** Hadoop keeps the first file system of a scheme for the whole JVM. */
    private static void useFullDisk() throws IOException {
        Configuration settings = new Configuration();
        settings.set("fs.file.impl", FullDisk.class.getName());
        FileSystem.get(URI.create("file:///"), settings);
    }

    /** The one of this JVM; its files are deleted when the JVM ends. */
    public static synchronized LocalWarehouse shared() {
        if (shared == null) {
            try {
                Path folder = Files.createTempDirectory("granary-warehouse");
                shared = new LocalWarehouse(folder);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            } catch (Exception e) {
                throw new IllegalStateException("the test warehouse did not start", e);
            }
        }
        return shared;
    }

    /** Starts one and prints its profile, for a person who wants to try something; ends with Ctrl-C. */
    public static void main(String[] args) throws InterruptedException {
        System.out.println(shared().profileFile());
        Thread.sleep(Long.MAX_VALUE);
    }

    public Profile profile() {
        return profile;
    }

    /** File of the profile, for commands that read it themselves. */
    public Path profileFile() {
        return folder.resolve("profile.yaml");
    }

    /** The driver's session, beside those over JDBC. */
    public SparkSession spark() {
        return spark;
    }

    /** Its calls can be made to fail. */
    public LocalMetastore metastore() {
        return metastore;
    }

    private static void delete(Path folder) {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("left behind: " + folder + " (" + e + ")");
        }
    }
}
