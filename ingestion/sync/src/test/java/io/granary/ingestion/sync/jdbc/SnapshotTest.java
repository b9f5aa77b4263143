package io.granary.ingestion.sync.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.config.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several sessions see one moment while money moves between accounts, on real servers. */
class SnapshotTest {
    private static final int ACCOUNTS = 100;
    private static final long TOTAL = ACCOUNTS * 1000L;

    @BeforeAll
    static void start() throws Exception {
        MariaDbServer.shared().database("snapshot");
        PostgresServer.shared().database("snapshot");
    }

    @Test
    void mariadbSessionsSeeOneMoment() throws Exception {
        seesOneMoment(
                MariaDbServer.shared().connection("snapshot"),
                MariaDbServer.shared().connect("snapshot"));
    }

    @Test
    void postgresqlSessionsSeeOneMoment() throws Exception {
        seesOneMoment(
                PostgresServer.shared().connection("snapshot"),
                PostgresServer.shared().connect("snapshot"));
    }

    @Test
    void whereAWriterKeepsTheTableOneSessionReadsIt() throws Exception {
        Connection address = MariaDbServer.shared().connection("snapshot");
        try (java.sql.Connection writer = MariaDbServer.shared().connect("snapshot");
                Statement statement = writer.createStatement()) {
            statement.execute("CREATE TABLE held (n INT PRIMARY KEY) ENGINE=InnoDB");
            statement.execute("LOCK TABLES held WRITE");
            try (Snapshot snapshot = Snapshot.open(address, List.of("held"), 3, 1)) {
                assertThat(snapshot.sessions()).isEqualTo(1);
                statement.execute("INSERT INTO held VALUES (1)");
                statement.execute("UNLOCK TABLES");
                assertThat(snapshot.session(0).number("SELECT count(*) FROM held"))
                        .isZero();
            }
        }
    }

    @Test
    void aTableWithoutTransactionsIsNotSaidToBeConsistent() throws Exception {
        Connection address = MariaDbServer.shared().connection("snapshot");
        try (java.sql.Connection writer = MariaDbServer.shared().connect("snapshot");
                Statement statement = writer.createStatement()) {
            statement.execute("CREATE TABLE flat (n INT PRIMARY KEY) ENGINE=MyISAM");
            statement.execute("CREATE VIEW seen AS SELECT 1 AS n");
        }
        try (Snapshot snapshot = Snapshot.open(address, List.of("flat"), 2)) {
            assertThat(snapshot.consistent()).isFalse();
        }
        try (Snapshot snapshot = Snapshot.open(address, List.of("seen"), 2)) {
            assertThat(snapshot.consistent()).isTrue();
            assertThat(snapshot.sessions()).isEqualTo(2);
        }
    }

    private static void seesOneMoment(Connection address, java.sql.Connection writer) throws Exception {
        try (Statement statement = writer.createStatement()) {
            statement.execute(
                    "CREATE TABLE account (id INT PRIMARY KEY, amount BIGINT NOT NULL, moved BIGINT NOT NULL)");
            for (int id = 0; id < ACCOUNTS; id++) {
                statement.execute("INSERT INTO account VALUES (" + id + ", 1000, 0)");
            }
        }
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong moves = new AtomicLong();
        AtomicReference<SQLException> failure = new AtomicReference<>();
        Thread moving = new Thread(() -> move(writer, stop, moves, failure));
        moving.start();
        try {
            while (moves.get() == 0 && failure.get() == null) {
                Thread.sleep(1);
            }
            Set<Long> seen = new HashSet<>();
            for (int round = 0; round < 5; round++) {
                seen.add(round(address, moves));
            }
            assertThat(seen).as("rounds saw different moments").hasSizeGreaterThan(1);
        } finally {
            stop.set(true);
            moving.join();
            writer.close();
        }
        assertThat(failure).hasNullValue();
    }

    /** Reads the accounts in ranges, each range in a session of its own; returns how many moves it saw. */
    private static long round(Connection address, AtomicLong moves) throws Exception {
        try (Snapshot snapshot = Snapshot.open(address, List.of("account"), 3)) {
            assertThat(snapshot.sessions()).isEqualTo(3);
            assertThat(snapshot.consistent()).isTrue();
            long before = moves.get();
            while (moves.get() < before + 20) {
                Thread.sleep(1);
            }
            List<DatabaseColumn> columns = snapshot.session(0).columns("account");
            List<String> ranges = KeyRanges.cut(snapshot.session(0), "account", "id", null, 3);
            assertThat(ranges).hasSize(3);
            long rows = 0;
            long amount = 0;
            long moved = 0;
            List<String> fingerprints = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                RowSums sums = snapshot.session(i).sums("account", columns, ranges.get(i));
                rows += sums.rows();
                amount += sums.columns().get(1).sum().longValueExact();
                moved += sums.columns().get(2).sum().longValueExact();
                fingerprints.add(snapshot.session(i).fingerprint("account", columns, null));
            }
            assertThat(rows).isEqualTo(ACCOUNTS);
            assertThat(amount).isEqualTo(TOTAL);
            assertThat(new HashSet<>(fingerprints)).hasSize(1);
            return moved;
        }
    }

    private static void move(
            java.sql.Connection writer, AtomicBoolean stop, AtomicLong moves, AtomicReference<SQLException> failure) {
        try (Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            for (int i = 0; !stop.get(); i++) {
                statement.execute(
                        "UPDATE account SET amount = amount - 7, moved = moved + 1 WHERE id = " + i % ACCOUNTS);
                statement.execute("UPDATE account SET amount = amount + 7 WHERE id = " + (i + 61) % ACCOUNTS);
                writer.commit();
                moves.incrementAndGet();
            }
        } catch (SQLException e) {
            failure.set(e);
        }
    }
}
