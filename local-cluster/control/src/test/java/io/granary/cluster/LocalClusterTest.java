package io.granary.cluster;

import static io.granary.cluster.Component.MARIADB;
import static io.granary.cluster.Component.REDIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control over real processes: Redis and MariaDB, the two that start in a moment. */
class LocalClusterTest {
    private static final Set<Component> STORES = Collections.unmodifiableSet(EnumSet.of(REDIS, MARIADB));

    @TempDir
    Path folder;

    private final List<String> said = new CopyOnWriteArrayList<>();
    private Home home;
    private LocalCluster cluster;

    @BeforeEach
    void prepare() {
        home = new Home(folder.resolve("a home"));
        cluster = new LocalCluster(home, new Distribution(folder), folder, Map.of());
    }

    @AfterEach
    void stop() {
        if (Files.exists(home.cluster())) {
            cluster.down(said::add);
        }
    }

    @Test
    void storesKeepTheirDataThroughAKillAndThroughAStop() throws Exception {
        cluster.up(STORES, said::add);
        assertThat(state(REDIS)).isEqualTo(Status.State.RUNNING);
        assertThat(state(MARIADB)).isEqualTo(Status.State.RUNNING);
        assertThat(state(Component.HDFS)).isEqualTo(Status.State.STOPPED);
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(home.secrets().resolve("mariadb"))))
                .isEqualTo("rw-------");
        sql("CREATE TABLE shop.kept (word VARCHAR(10) PRIMARY KEY)");
        sql("INSERT INTO shop.kept VALUES ('Ä'), ('ä'), ('a')");
        redis("SET kept 1");

        cluster.kill(REDIS);
        cluster.kill(MARIADB);
        assertThat(state(REDIS)).isEqualTo(Status.State.DEAD);
        assertThat(status(MARIADB).lastLines()).isNotEmpty();
        cluster.up(STORES, said::add);
        assertThat(redis("GET kept")).contains("1");
        assertThat(sql("SELECT count(*) FROM shop.kept")).isEqualTo("3");

        cluster.down(said::add);
        assertThat(cluster.status()).allMatch(s -> s.state() == Status.State.STOPPED);
        cluster.up(STORES, said::add);
        assertThat(redis("GET kept")).contains("1");
        assertThat(sql("SELECT count(*) FROM shop.kept")).isEqualTo("3");
        assertThat(sql("SELECT @@time_zone")).isEqualTo("+00:00");
    }

    @Test
    void aSecondStartIsRefusedAndAnotherObjectSeesTheSameCluster() {
        cluster.up(Set.of(REDIS), said::add);
        LocalCluster other = new LocalCluster(home, new Distribution(folder), folder, Map.of());

        assertThat(other.status())
                .filteredOn(s -> s.component() == REDIS)
                .singleElement()
                .satisfies(s -> {
                    assertThat(s.state()).isEqualTo(Status.State.RUNNING);
                    assertThat(s.memory()).isPositive();
                    assertThat(s.port()).hasValue(cluster.port(REDIS));
                });
        assertThatThrownBy(() -> other.up(Set.of(REDIS), said::add))
                .isInstanceOfSatisfying(
                        GranaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
                .hasMessageContaining("already running");
        LocalCluster moved = new LocalCluster(home, new Distribution(folder), folder, Map.of(REDIS, 10123));
        assertThatThrownBy(() -> moved.up(STORES, said::add)).hasMessageContaining("runs on another port");
    }

    @Test
    void aComponentThatDoesNotStartIsShownWithItsLogAndTheOthersAreStopped() throws IOException {
        Path aof = home.data("redis").resolve("db/appendonly.aof");
        home.prepare();
        Files.createDirectories(aof.getParent());
        Files.writeString(aof, "this is no append only file\n");

        assertThatThrownBy(() -> cluster.up(STORES, said::add))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("redis ended while it started")
                .hasMessageContaining("Bad file format reading the append only file");
        assertThat(cluster.status()).allMatch(s -> s.state() == Status.State.STOPPED);
        assertThat(home.run().resolve("redis.json")).doesNotExist();
        assertThat(home.run().resolve("mariadb.json")).doesNotExist();
    }

    @Test
    void theWatchStartsAgainWhatDies() throws Exception {
        cluster.up(Set.of(REDIS), said::add);
        long before = status(REDIS).pid().getAsLong();
        try (AutoCloseable watch = cluster.watch(said::add)) {
            cluster.kill(REDIS);
            Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
            while (state(REDIS) != Status.State.RUNNING && Instant.now().isBefore(deadline)) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        assertThat(state(REDIS)).isEqualTo(Status.State.RUNNING);
        assertThat(status(REDIS).pid().getAsLong()).isNotEqualTo(before);
        assertThat(said).anyMatch(line -> line.contains("redis died"));
    }

    @Test
    void aFolderOfAnotherVersionIsRefused() throws IOException {
        Files.createDirectories(home.root());
        Files.writeString(home.root().resolve("VERSION"), "99\n");

        assertThatThrownBy(() -> cluster.up(STORES, said::add))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("layout version 99");
    }

    private Status status(Component component) {
        return cluster.status().get(component.ordinal());
    }

    private Status.State state(Component component) {
        return status(component).state();
    }

    private String sql(String statement) throws SQLException {
        Connection shop = cluster.profile().connection("shop");
        try (java.sql.Connection c = DriverManager.getConnection(shop.jdbcUrl(), shop.user(), shop.password());
                Statement s = c.createStatement()) {
            if (!s.execute(statement)) {
                return "";
            }
            try (ResultSet rows = s.getResultSet()) {
                return rows.next() ? rows.getString(1) : "";
            }
        }
    }

    private String redis(String command) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", cluster.port(REDIS))) {
            socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
