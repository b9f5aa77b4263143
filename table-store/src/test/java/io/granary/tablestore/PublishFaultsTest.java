package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.testing.LocalMetastore;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers see whole versions only, while publishers and metastores are killed inside the call that publishes. The small
 * form runs always; {@code -Pfaults} runs 200 publishes with 50 publishers and 10 metastores killed.
 */
class PublishFaultsTest {
    private static final int PUBLISHES = Integer.getInteger("granary.faults.publishes", 8);
    private static final int PUBLISHERS_KILLED = Integer.getInteger("granary.faults.publishers", 2);
    private static final int METASTORES_KILLED = Integer.getInteger("granary.faults.metastores", 1);
    private static final int READS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private enum Kill {
        NONE,
        PUBLISHER,
        METASTORE
    }

    @TempDir
    private Path folder;

    private final Random random = new Random(7);
    private final List<ChildProcess> started = new ArrayList<>();
    private int port;
    private Path profile;
    private ChildProcess metastore;
    private ChildProcess publisher;
    private ChildProcess reader;
    private int publishersKilled;
    private int metastoresKilled;

    @AfterEach
    void end() {
        started.forEach(ChildProcess::kill);
    }

    @Test
    void readersSeeWholeVersionsOnlyWhateverIsKilled() throws Exception {
        start();
        long published = 0;
        long begun = System.nanoTime();
        for (int version = 1; published < PUBLISHES || killsLeft(); version++) {
            Kill kill = next(PUBLISHES - (int) published);
            boolean done = publish(version, kill);
            published += done ? 1 : 0;
            awaitReads(done ? "read " + version : null);
        }
        List<String> seen = reader.lines();
        assertThat(seen).noneMatch(line -> line.startsWith("MIXED"));
        long good = seen.stream().filter(line -> line.startsWith("read ")).count();
        long errors = seen.stream().filter(line -> line.startsWith("error")).count();
        System.out.printf(
                "%d publishes, killed inside the call: %d publishers, %d metastores; %d reads, all of whole versions,"
                        + " %d refused while no metastore ran; %d s%n",
                published,
                publishersKilled,
                metastoresKilled,
                good,
                errors,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
        assertThat(publishersKilled).isEqualTo(PUBLISHERS_KILLED);
        assertThat(metastoresKilled).isEqualTo(METASTORES_KILLED);
        assertThat(good).isGreaterThanOrEqualTo(published * READS);
    }

    private void start() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String fs = folder.resolve("files").toUri().toString();
        profile = folder.resolve("profile.yaml");
        Files.writeString(
                profile,
                "name: test\nfs: " + fs + "\nmetastore: thrift://127.0.0.1:" + port
                        + "\nsql: jdbc:hive2://127.0.0.1:1/\n");
        startMetastore();
        reader = child(
                FaultReader.class,
                "thrift://127.0.0.1:" + port,
                Files.createDirectories(folder.resolve("spark")).toString(),
                fs + "/granary/warehouse/dws/" + FaultPublisher.TABLE.table());
        publisher = child(FaultPublisher.class, profile.toString());
        reader.await("ready"::equals, PATIENCE);
        publisher.await("ready"::equals, PATIENCE);
    }

    private void startMetastore() throws Exception {
        metastore = child(LocalMetastore.class, folder.resolve("metastore").toString(), Integer.toString(port));
        metastore.await("ready"::equals, PATIENCE);
    }

    private ChildProcess child(Class<?> main, String... args) throws Exception {
        Files.createDirectories(folder.resolve("metastore"));
        ChildProcess child = ChildProcess.start(main, folder, args);
        started.add(child);
        return child;
    }

    private boolean killsLeft() {
        return publishersKilled < PUBLISHERS_KILLED || metastoresKilled < METASTORES_KILLED;
    }

    /** Spread evenly over the publishes that are left. */
    private Kill next(int publishesLeft) {
        int kills = PUBLISHERS_KILLED - publishersKilled + METASTORES_KILLED - metastoresKilled;
        if (kills == 0 || random.nextInt(Math.max(kills, publishesLeft)) >= kills) {
            return Kill.NONE;
        }
        return random.nextInt(kills) < METASTORES_KILLED - metastoresKilled ? Kill.METASTORE : Kill.PUBLISHER;
    }

    /** True when the version was published. */
    private boolean publish(int version, Kill kill) throws Exception {
        int before = metastore.lines().size();
        publisher.send(Integer.toString(version));
        if (kill != Kill.NONE) {
            metastore.awaitAfter(before, "enter"::equals, PATIENCE);
            // a call takes some tens of milliseconds
            TimeUnit.MILLISECONDS.sleep(random.nextInt(25));
            boolean inside = kill(kill, before);
            if (kill == Kill.METASTORE) {
                startMetastore();
            }
            if (kill == Kill.PUBLISHER) {
                publisher = child(FaultPublisher.class, profile.toString());
                publisher.await("ready"::equals, PATIENCE);
                count(kill, inside);
                return reads(version);
            }
            count(kill, inside);
        }
        String answer = publisher.await(
                line -> line.equals("done " + version) || line.startsWith("failed " + version + " "), PATIENCE);
        if (kill == Kill.NONE) {
            assertThat(answer).isEqualTo("done " + version);
        }
        return answer.startsWith("done");
    }

    private boolean kill(Kill kill, int before) {
        (kill == Kill.METASTORE ? metastore : publisher).kill();
        List<String> after = metastore.lines();
        return !after.subList(before, after.size()).contains("leave");
    }

    private void count(Kill kill, boolean inside) {
        if (inside && kill == Kill.METASTORE) {
            metastoresKilled++;
        } else if (inside) {
            publishersKilled++;
        }
    }

    /** Whether the version of a killed publisher arrived: readers tell. */
    private boolean reads(int version) throws Exception {
        int from = reader.lines().size();
        String next = reader.awaitAfter(from + 4, line -> line.startsWith("read "), PATIENCE);
        return next.equals("read " + version);
    }

    private void awaitReads(String wanted) throws Exception {
        int from = reader.lines().size();
        for (int i = 0; i < READS; i++) {
            from = reader.indexAfter(from, line -> line.startsWith("read "), PATIENCE) + 1;
        }
        if (wanted != null) {
            assertThat(reader.lines().get(from - 1)).isEqualTo(wanted);
        }
    }
}
