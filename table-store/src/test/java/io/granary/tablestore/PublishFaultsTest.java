package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.testing.ChildProcess;
import io.granary.tablestore.testing.LocalMetastore;
import io.granary.warehouse.config.LoopbackPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers see whole versions only, while publishers and metastores are killed inside the call that publishes: each
 * publish begins and ends while all of them are reading. The small form runs always; {@code -Pfaults} runs 200 publishes
 * with ten readers, 50 publishers and 10 metastores killed.
 */
class PublishFaultsTest {
    private static final int PUBLISHES = Integer.getInteger("granary.faults.publishes", 8);
    private static final int PUBLISHERS_KILLED = Integer.getInteger("granary.faults.publishers", 2);
    private static final int METASTORES_KILLED = Integer.getInteger("granary.faults.metastores", 1);
    private static final int READERS = Integer.getInteger("granary.faults.readers", 3);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** What the publisher says of a publish. */
    private enum Answer {
        DONE,
        NOTHING_PUBLISHED,
        /** It is dead, or does not know. */
        NONE
    }

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
        int published = 0;
        int fewestReads = Integer.MAX_VALUE;
        long visible = 0;
        long begun = System.nanoTime();
        for (int version = 1; published < PUBLISHES || killsLeft(); version++) {
            Kill kill = next(PUBLISHES - published);
            int from = reader.lines().size();
            Answer answer = publish(version, kill);
            int during = reads(from, reader.lines().size()) + READERS;
            long seen = readByAll();
            if (answer == Answer.DONE) {
                assertThat(seen).isEqualTo(version);
            } else {
                assertThat(seen)
                        .isIn(answer == Answer.NOTHING_PUBLISHED ? List.of(visible) : List.of(visible, (long) version));
            }
            if (seen == version) {
                published++;
                fewestReads = Math.min(fewestReads, during);
            }
            visible = seen;
        }
        List<String> lines = reader.lines();
        assertThat(lines).noneMatch(line -> line.contains(" MIXED "));
        long errors = lines.stream().filter(line -> line.contains(" error ")).count();
        System.out.printf(
                "%d publishes, killed inside the call: %d publishers, %d metastores; %d reads, all of whole versions, at"
                        + " least %d while each publish ran; %d refused while no metastore ran; %d s%n",
                published,
                publishersKilled,
                metastoresKilled,
                reads(0, lines.size()),
                fewestReads,
                errors,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
        assertThat(publishersKilled).isEqualTo(PUBLISHERS_KILLED);
        assertThat(metastoresKilled).isEqualTo(METASTORES_KILLED);
        assertThat(fewestReads).isGreaterThanOrEqualTo(READERS);
    }

    private int reads(int from, int to) {
        return (int) reader.lines().subList(from, to).stream()
                .filter(line -> line.contains(" read "))
                .count();
    }

    private void start() throws Exception {
        port = LoopbackPort.anyFree();
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
                fs + "/granary/warehouse/dws/" + FaultPublisher.TABLE.table(),
                Integer.toString(READERS));
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

    private Answer publish(int version, Kill kill) throws Exception {
        int before = metastore.lines().size();
        publisher.send(Integer.toString(version));
        if (kill == Kill.NONE) {
            assertThat(answer(version)).isEqualTo(Answer.DONE);
            return Answer.DONE;
        }
        metastore.awaitAfter(before, "enter"::equals, PATIENCE);
        // a call takes some tens of milliseconds
        TimeUnit.MILLISECONDS.sleep(random.nextInt(25));
        (kill == Kill.METASTORE ? metastore : publisher).kill();
        List<String> after = metastore.lines();
        count(kill, !after.subList(before, after.size()).contains("leave"));
        if (kill == Kill.METASTORE) {
            startMetastore();
            return answer(version);
        }
        // the metastore goes on with the call of a dead caller
        metastore.awaitAfter(before, "leave"::equals, PATIENCE);
        publisher = child(FaultPublisher.class, profile.toString());
        publisher.await("ready"::equals, PATIENCE);
        return Answer.NONE;
    }

    private Answer answer(int version) throws Exception {
        String answer = publisher.await(
                line -> line.equals("done " + version) || line.startsWith("failed " + version + " "), PATIENCE);
        if (answer.startsWith("done")) {
            return Answer.DONE;
        }
        return answer.matches(".*Nothing( of \\S+)? was published.*") ? Answer.NOTHING_PUBLISHED : Answer.NONE;
    }

    private void count(Kill kill, boolean inside) {
        if (inside && kill == Kill.METASTORE) {
            metastoresKilled++;
        } else if (inside) {
            publishersKilled++;
        }
    }

    /**
     * The version that every reader sees: the first read that ends now may have begun before, the second one has not.
     */
    private long readByAll() throws Exception {
        int from = reader.lines().size();
        Set<Long> seen = new TreeSet<>();
        for (int i = 0; i < READERS; i++) {
            String read = i + " read ";
            int first = reader.indexAfter(from, line -> line.startsWith(read), PATIENCE);
            String second = reader.awaitAfter(first + 1, line -> line.startsWith(read), PATIENCE);
            seen.add(Long.parseLong(second.substring(read.length())));
        }
        assertThat(seen).hasSize(1);
        return seen.iterator().next();
    }
}
