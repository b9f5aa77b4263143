package io.granary.cli;

import static io.granary.cluster.Component.HDFS;
import static io.granary.cluster.Component.KAFKA;
import static io.granary.cluster.Component.METASTORE;
import static io.granary.cluster.Component.THRIFTSERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.granary.cluster.Component;
import io.granary.cluster.Distribution;
import io.granary.cluster.LocalCluster;
import io.granary.cluster.Status;
import io.granary.warehouse.config.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HDFS, metastore and Thrift Server of the built distribution keep their data through stops and kills. */
@Tag("cluster")
class ClusterIT {
    private static final Set<Component> WAREHOUSE = EnumSet.of(HDFS, METASTORE, THRIFTSERVER, KAFKA);
    private static final String COUNT = "SELECT ds, count(*), max(n) FROM it.kept GROUP BY ds ORDER BY ds";

    @TempDir
    Path folder;

    private final Path dist = Path.of(System.getProperty("granary.dist"));
    private LocalCluster cluster;

    @AfterEach
    void stop() {
        cluster.down(System.err::println);
    }

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void aTableIsThereAfterAKillOfEachServerAndAfterACleanStop() throws Exception {
        Home home = new Home(folder.resolve("state of it"));
        cluster = new LocalCluster(home, new Distribution(dist), folder, Map.of());
        cluster.up(WAREHOUSE, System.err::println);
        assertThat(query(
                        "CREATE DATABASE it",
                        "CREATE EXTERNAL TABLE it.kept (n INT) PARTITIONED BY (ds STRING) STORED AS ORC"
                                + " LOCATION '/granary/warehouse/it/kept'",
                        insert("2026-11-01", 100),
                        "SELECT count(*), current_timezone() FROM it.kept"))
                .containsExactly("100|UTC");

        for (Component component : List.of(HDFS, METASTORE, KAFKA)) {
            cluster.kill(component);
            assertThat(state(component)).isEqualTo(Status.State.DEAD);
            cluster.up(Set.of(component), System.err::println);
            assertThat(state(component)).isEqualTo(Status.State.RUNNING);
        }
        assertThat(query(insert("2026-11-02", 7), COUNT)).containsExactly("2026-11-01|100|99", "2026-11-02|7|6");

        cluster.kill(THRIFTSERVER);
        cluster.down(System.err::println);
        cluster.up(WAREHOUSE, System.err::println);
        assertThat(query(COUNT)).containsExactly("2026-11-01|100|99", "2026-11-02|7|6");
        assertThat(listeningElsewhere()).isEmpty();
    }

    private static String insert(String ds, int rows) {
        return "INSERT OVERWRITE TABLE it.kept PARTITION (ds = '" + ds + "') SELECT id FROM range(" + rows + ")";
    }

    private Status.State state(Component component) {
        return cluster.status().get(component.ordinal()).state();
    }

    private List<String> query(String... statements) throws Exception {
        return HiveQuery.rows(dist, cluster.profile().sql(), statements);
    }

    /** Sockets of the cluster that listen on anything but 127.0.0.1, as /proc knows them. */
    private List<String> listeningElsewhere() throws IOException {
        List<String> found = new ArrayList<>();
        for (Status status : cluster.status()) {
            if (status.state() != Status.State.RUNNING) {
                continue;
            }
            Path process = Path.of("/proc/" + status.pid().getAsLong());
            Set<String> sockets = new java.util.HashSet<>();
            try (var descriptors = Files.list(process.resolve("fd"))) {
                for (Path descriptor : descriptors.toList()) {
                    String target = Files.exists(descriptor) || Files.isSymbolicLink(descriptor)
                            ? Files.readSymbolicLink(descriptor).toString()
                            : "";
                    if (target.startsWith("socket:[")) {
                        sockets.add(target.substring("socket:[".length(), target.length() - 1));
                    }
                }
            }
            for (String table : List.of("net/tcp", "net/tcp6")) {
                for (String line : Files.readAllLines(process.resolve(table))) {
                    String[] fields = line.strip().split("\\s+");
                    boolean listens = fields.length > 9 && fields[3].equals("0A") && sockets.contains(fields[9]);
                    if (listens && !fields[1].split(":")[0].endsWith("0100007F")) {
                        found.add(status.component() + " " + fields[1]);
                    }
                }
            }
        }
        return found;
    }
}
