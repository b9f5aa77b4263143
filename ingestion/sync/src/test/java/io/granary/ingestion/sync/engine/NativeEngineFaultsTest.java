package io.granary.ingestion.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.ErrorLimit;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.tablestore.testing.CutLine;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with a real MariaDB while a job runs: the target never shows a mix, and the message says what it was. */
class NativeEngineFaultsTest {
    private static final int ROWS = 30_000;
    private static final String[] COLUMNS = {"n", "balance", "note"};
    private static final String[] TYPES = {"n int", "balance bigint", "note string"};

    @TempDir
    static Path folder;

    private static MariaDbServer server;
    private static CutLine line;
    private static Profile profile;
    private static Jobs jobs;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.start(folder);
        line = new CutLine(server.port());
        profile = profile(line.port());
        jobs = new Jobs(profile);
        execute(
                "CREATE TABLE accounts (n INT PRIMARY KEY, balance BIGINT NOT NULL, note VARCHAR(100))",
                "INSERT INTO accounts SELECT seq, 100, repeat('x', seq % 100) FROM seq_1_to_" + ROWS);
    }

    @AfterAll
    static void stop() {
        line.close();
        server.close();
    }

    private static Profile profile(int port) throws Exception {
        Fixture.profile(folder, server);
        Path file = folder.resolve("profile.yaml");
        Files.writeString(file, Files.readString(file).replace("port: " + server.port(), "port: " + port));
        return Profile.load(file, Map.of());
    }

    @Test
    void aCutConnectionLeavesNothingToSeeAndOnlyMissingPartsAreReadAgain() throws Exception {
        Random random = new Random(5);
        for (int attempt = 0; attempt < 3; attempt++) {
            Path out = folder.resolve("cut-" + attempt);
            KeptParts log = new KeptParts();
            line.cutAfter(200_000 + random.nextInt(1_500_000));
            DataxJob job = Jobs.of(2, null, jobs.from("accounts", 8, COLUMNS), Jobs.to(out, TYPES));
            NativeEngine engine = new NativeEngine(profile, Fixture.HADOOP, null, log);
            assertThatThrownBy(() -> engine.run(job, log))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("connection shop (granary@127.0.0.1:" + line.port());
            assertThat(visible(out)).isEmpty();
            int staged = log.count();
            line.mend();
            JobReport report = engine.run(job, log);
            assertThat(log.kept).hasSize(staged);
            assertThat(log.read).hasSize(report.parts().size() - staged);
            wholeAndTrue(report, out);
        }
    }

    @Test
    void aPartWhoseRowsHaveChangedIsReadAgain() throws Exception {
        Path out = folder.resolve("changed");
        KeptParts log = new KeptParts() {
            @Override
            public void finish(PartReport report) {
                super.finish(report);
                if (report.part().id().equals("00003")) {
                    throw new GranaryException(ErrorCode.RESOURCES, "the disk is full");
                }
            }
        };
        DataxJob job = Jobs.of(1, null, jobs.from("accounts", 8, COLUMNS), Jobs.to(out, TYPES));
        assertThatThrownBy(() -> new NativeEngine(profile, Fixture.HADOOP).run(job, log))
                .hasMessage("the disk is full");
        execute("UPDATE accounts SET balance = balance + 1 WHERE n = 1");
        execute("UPDATE accounts SET balance = balance - 1 WHERE n = 2");
        JobReport report = new NativeEngine(profile, Fixture.HADOOP, null, log).run(job, new Unbroken(log));
        assertThat(log.read).startsWith("00000").doesNotContain("00001", "00002", "00003");
        assertThat(log.kept).containsExactly("00001", "00002", "00003");
        wholeAndTrue(report, out);
        execute("UPDATE accounts SET balance = 100");
    }

    /** Hands on to a log, and never fails. */
    private record Unbroken(KeptParts log) implements PartLog {
        @Override
        public List<RowPart> parts() {
            return log.parts();
        }

        @Override
        public void parts(List<RowPart> cut) {
            log.parts(cut);
        }

        @Override
        public Optional<PartReport> finished(RowPart part) {
            return log.finished(part);
        }

        @Override
        public void finish(PartReport report) {}
    }

    @Test
    void rowsThatChangeMeanwhileAreSeenAtOneMoment() throws Exception {
        boolean[] stopped = {false};
        CompletableFuture<Integer> transfers = CompletableFuture.supplyAsync(() -> transfer(stopped));
        Path out = folder.resolve("moving");
        DataxJob job = Jobs.of(2, null, jobs.from("accounts", 8, COLUMNS), Jobs.to(out, TYPES));
        JobReport report = new NativeEngine(profile, Fixture.HADOOP).run(job, PartLog.NONE);
        stopped[0] = true;
        assertThat(transfers.get(30, TimeUnit.SECONDS)).isPositive();
        wholeAndTrue(report, out);
        execute("UPDATE accounts SET balance = 100");
    }

    /** Moves money between accounts of different parts. */
    private static int transfer(boolean[] stopped) {
        Random random = new Random(1);
        int done = 0;
        try (Connection connection = server.connect("shop");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stopped[0]) {
                int amount = random.nextInt(50);
                statement.execute("UPDATE accounts SET balance = balance - " + amount + " WHERE n = "
                        + (1 + random.nextInt(ROWS)));
                statement.execute("UPDATE accounts SET balance = balance + " + amount + " WHERE n = "
                        + (1 + random.nextInt(ROWS)));
                connection.commit();
                done++;
            }
            return done;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTableAlteredMeanwhileIsReadAsItWasOrNotAtAll() throws Exception {
        execute("CREATE TABLE altered AS SELECT * FROM accounts", "ALTER TABLE altered ADD PRIMARY KEY (n)");
        Path out = folder.resolve("altered");
        CompletableFuture<Void> ddl = new CompletableFuture<>();
        AtomicBoolean begun = new AtomicBoolean();
        KeptParts log = new KeptParts() {
            @Override
            public void finish(PartReport report) {
                if (begun.compareAndSet(false, true)) {
                    CompletableFuture.runAsync(() -> alter(ddl));
                }
                super.finish(report);
            }
        };
        DataxJob job = Jobs.of(2, null, jobs.from("altered", 8, COLUMNS), Jobs.to(out, TYPES));
        try {
            JobReport report = new NativeEngine(profile, Fixture.HADOOP).run(job, log);
            wholeAndTrue(report, out);
        } catch (GranaryException e) {
            assertThat(e).hasMessageContaining("altered");
            assertThat(visible(out)).isEmpty();
        }
        ddl.get(30, TimeUnit.SECONDS);
        assertThatThrownBy(() -> new NativeEngine(profile, Fixture.HADOOP)
                        .run(
                                Jobs.of(
                                        1,
                                        null,
                                        jobs.from("altered", 8, COLUMNS),
                                        Jobs.to(folder.resolve("later"), TYPES)),
                                PartLog.NONE))
                .hasMessageContaining("balance");
    }

    private static void alter(CompletableFuture<Void> done) {
        try {
            execute("ALTER TABLE altered DROP COLUMN balance");
            done.complete(null);
        } catch (SQLException e) {
            done.completeExceptionally(e);
        }
    }

    @Test
    void aDeadlockLeavesNothingOfTheJob() throws Exception {
        execute(
                "CREATE TABLE target (n INT PRIMARY KEY, balance BIGINT, note VARCHAR(100))",
                "CREATE TABLE heavy (n INT PRIMARY KEY)");
        DataxJob job = Jobs.of(1, ErrorLimit.of(10), jobs.from("accounts", 1, COLUMNS), jobs.into("target", COLUMNS));
        try (Connection other = server.connect("shop");
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            // the one that has changed fewer rows is the victim
            statement.execute("INSERT INTO heavy SELECT seq FROM seq_1_to_20000");
            statement.execute("INSERT INTO target VALUES (5000, 0, 'other')");
            CompletableFuture<JobReport> running = CompletableFuture.supplyAsync(
                    () -> new NativeEngine(profile, Fixture.HADOOP).run(job, PartLog.NONE));
            awaitLockWait(running);
            statement.execute("INSERT INTO target VALUES (1, 0, 'other')");
            assertThatThrownBy(() -> running.get(60, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            GranaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
                    .hasMessageContaining("Deadlock")
                    .hasMessageContaining("run the job again");
            other.commit();
        }
        assertThat(number("SELECT count(*) FROM target WHERE note = 'other'")).isEqualTo(2);
        assertThat(number("SELECT count(*) FROM target")).isEqualTo(2);
    }

    private static void awaitLockWait(CompletableFuture<JobReport> job) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (number("SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'") == 0) {
            assertThat(System.nanoTime()).as(job.toString()).isLessThan(until);
            // InnoDB shows it anew only to who has not looked for 0.1 s
            Thread.sleep(150);
        }
    }

    private static void wholeAndTrue(JobReport report, Path out) throws Exception {
        assertThat(report.rows()).isEqualTo(ROWS);
        List<Map<String, Object>> rows = Fixture.rows(out);
        assertThat(rows.stream().map(r -> r.get("n")).distinct().count()).isEqualTo(ROWS);
        assertThat(rows).hasSize(ROWS);
        assertThat(rows.stream().mapToLong(r -> (Long) r.get("balance")).sum()).isEqualTo(100L * ROWS);
        assertThat(visible(out)).hasSize(report.parts().size());
    }

    /** What Hive and Spark would read. */
    private static List<Path> visible(Path out) throws Exception {
        if (!Files.exists(out)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(out)) {
            return files.filter(f -> !f.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    static long number(String sql) throws SQLException {
        return server.number("shop", sql);
    }

    private static void execute(String... statements) throws SQLException {
        server.execute("shop", statements);
    }
}
