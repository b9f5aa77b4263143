package io.granary.cli;

import static io.granary.cluster.Component.FLUME;
import static io.granary.cluster.Component.HDFS;
import static io.granary.cluster.Component.KAFKA;
import static io.granary.cluster.Component.METASTORE;
import static io.granary.cluster.Component.THRIFTSERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.granary.cluster.Distribution;
import io.granary.cluster.LocalCluster;
import io.granary.cluster.Progress;
import io.granary.ingestion.flume.SecondAgent;
import io.granary.warehouse.config.Home;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Collection and sealing on real stores while everything in it is killed or taken away: after each fault every line that
 * was written is in ODS once, no other is, and the account adds up to the line. Lines are written all the time. The small
 * form runs always; {@code -Pfaults} runs the long one.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CollectFaultsIT {
    private static final int AGENTS_KILLED = Integer.getInteger("granary.faults.agents", 10);
    private static final int BROKERS_KILLED = Integer.getInteger("granary.faults.brokers", 1);
    private static final int SEALS_KILLED = Integer.getInteger("granary.faults.seals", 1);
    private static final Duration KAFKA_DOWN = Duration.ofSeconds(Integer.getInteger("granary.faults.kafka_down", 5));
    private static final Duration SAFE_MODE = Duration.ofSeconds(Integer.getInteger("granary.faults.safe_mode", 4));
    private static final Duration LANDED = Duration.ofSeconds(3);
    private static final long SEED = Long.getLong("granary.faults.seed", 4);

    private static final Path DIST = Path.of(System.getProperty("granary.dist"));
    private static final Path FOLDER = Path.of("target/collect-faults").toAbsolutePath();
    private static final Home HOME = new Home(FOLDER.resolve("home"));
    private static final Path PROJECT = FOLDER.resolve("project");
    private static final Path LOGS = FOLDER.resolve("logs");
    private static final Progress PROGRESS = Progress.stderr();
    private static final String SOURCE = "faults.web";
    private static final String TRUTH = """
            SELECT o.*, a.* FROM
              (SELECT count(*), count(DISTINCT user_name), min(cast(substring(user_name, 2) AS BIGINT)),
                 max(cast(substring(user_name, 2) AS BIGINT)), count(DISTINCT region, host, file, line_offset)
               FROM ods.ods_faults_web_hi) o,
              (SELECT sum(loaded), sum(quarantined), sum(lost), sum(duplicate),
                 sum(read_lines - loaded - duplicate - quarantined - lost - missing - skipped)
               FROM ods.granary_log_account) a""";

    private static final Random RANDOM = new Random(SEED);
    private static LocalCluster cluster;
    private static CollectingAgent agent;
    private static NumberedLog log;

    @BeforeAll
    static void up() throws Exception {
        delete(FOLDER);
        Files.createDirectories(LOGS);
        writeProject();
        cluster = new LocalCluster(HOME, new Distribution(DIST), PROJECT, Map.of());
        cluster.up(EnumSet.of(HDFS, KAFKA, METASTORE, THRIFTSERVER, FLUME), PROGRESS);
        agent = new CollectingAgent(HOME, DIST);
        cluster.kill(FLUME);
        log = new NumberedLog(LOGS, RANDOM);
        agent.start();
        agent.awaitStart();
    }

    @BeforeEach
    void writeOn() {
        log.resume();
    }

    @AfterAll
    static void down() throws Exception {
        if (log != null) {
            log.close();
        }
        if (agent != null && agent.isAlive()) {
            agent.stop();
        }
        cluster.down(PROGRESS);
    }

    @Test
    @Order(1)
    void agentsKilled() throws Exception {
        for (int i = 0; i < AGENTS_KILLED; i++) {
            if (i % 4 == 0) {
                Thread.sleep(RANDOM.nextInt(3000)); // while it starts
            } else {
                agent.awaitStart();
                Thread.sleep(RANDOM.nextInt(1500));
            }
            agent.kill();
            agent.start();
        }
        requireTruth(AGENTS_KILLED + " agents killed");
    }

    @Test
    @Order(2)
    void brokersKilledAndKafkaAway() throws Exception {
        for (int i = 0; i < BROKERS_KILLED; i++) {
            Thread.sleep(200 + RANDOM.nextInt(2000));
            cluster.kill(KAFKA);
            cluster.up(Set.of(KAFKA), PROGRESS);
        }
        cluster.kill(KAFKA);
        Thread.sleep(KAFKA_DOWN.toMillis());
        cluster.up(Set.of(KAFKA), PROGRESS);
        requireTruth(BROKERS_KILLED + " brokers killed, Kafka away for " + KAFKA_DOWN.toSeconds() + " s");
    }

    @Test
    @Order(3)
    void hdfsInSafeMode() throws Exception {
        try (FileSystem files = FileSystem.get(URI.create(cluster.profile().fs()), new Configuration())) {
            DistributedFileSystem hdfs = (DistributedFileSystem) files;
            Thread.sleep(LANDED.toMillis()); // there is something to seal
            hdfs.setSafeMode(SafeModeAction.SAFEMODE_ENTER);
            try {
                Thread.sleep(SAFE_MODE.toMillis());
                Ended refused = seal("0").await();
                assertThat(refused.code()).as(refused.said()).isEqualTo(1);
                assertThat(refused.said()).containsIgnoringCase("safe mode");
            } finally {
                hdfs.setSafeMode(SafeModeAction.SAFEMODE_LEAVE);
            }
        }
        requireTruth("HDFS in safe mode for " + SAFE_MODE.toSeconds() + " s and longer");
    }

    @Test
    @Order(4)
    void sealsKilled() throws Exception {
        for (int i = 0; i < SEALS_KILLED; i++) {
            Thread.sleep(1000);
            Verb seal = seal("0");
            Thread.sleep(1000 + RANDOM.nextInt(5000));
            seal.kill();
        }
        requireTruth(SEALS_KILLED + " seals killed");
    }

    @Test
    @Order(5)
    void diskFullOnTheAgent() throws Exception {
        agent.fillDisk();
        Thread.sleep(2000);
        assertThat(agent.isAlive())
                .as("it collects on without its position file")
                .isTrue();
        agent.kill();
        agent.start();
        requireTruth("disk full on the agent, and killed then");
    }

    @Test
    @Order(6)
    void aSecondAgentOfThatNameIsRefusedAndTheOtherVerbsWorkOnHdfs() throws Exception {
        agent.awaitStart();
        List<String> said = DistributionJvm.lines(
                DIST, "flume", SecondAgent.class, List.of(cluster.profile().kafka(), SOURCE, agent.name()));
        assertThat(said)
                .hasSize(3)
                .startsWith("here: may start", "elsewhere, another name: may start")
                .last()
                .asString()
                .startsWith("elsewhere: an agent named '" + agent.name() + "' on ")
                .contains("already collects (granary-landing-" + SOURCE + ")");
        requireTruth("a second agent refused");
        Ended account =
                granary("account", SOURCE, "--by", "host", "--output", "csv").await();
        assertThat(account.said())
                .contains(SOURCE + ",local," + agent.name() + ",")
                .contains(",ok");
        Ended replay = granary("seal", SOURCE, "--replay").await();
        assertThat(replay.code()).as(replay.said()).isZero();
        assertThat(replay.said()).contains("nothing");
    }

    /** Waits until all that was written is sealed, and compares. */
    private static void requireTruth(String fault) throws Exception {
        if (!agent.isAlive()) {
            agent.start();
        }
        agent.awaitStart();
        long lines = log.pause();
        agent.awaitAll(SOURCE, LOGS);
        Ended sealed = seal("120s").await();
        assertThat(sealed.code()).as(sealed.said()).isZero();
        String row = HiveQuery.rows(DIST, cluster.profile().sql(), TRUTH).get(0);
        String[] found = row.split("\\|");
        assertThat(List.of(found).subList(0, 8))
                .as(
                        "%s: rows, distinct lines, first, last, distinct identities; account: loaded, quarantined, lost",
                        fault)
                .containsExactly("" + lines, "" + lines, "0", "" + (lines - 1), "" + lines, "" + lines, "0", "0");
        assertThat(found[9]).as("%s: the account's balance", fault).isEqualTo("0");
        PROGRESS.say(fault + ": " + lines + " lines written (" + log.rotations() + "), " + found[8]
                + " of them collected twice, all in ODS once");
    }

    private record Ended(int code, String said) {}

    /** A running command. */
    private record Verb(Process process, Path out) {
        Ended await() throws Exception {
            int code = process.waitFor();
            return new Ended(code, Files.readString(out));
        }

        void kill() throws Exception {
            process.destroyForcibly().waitFor();
        }
    }

    private static Verb seal(String wait) throws Exception {
        return granary("seal", SOURCE, "--wait", wait);
    }

    private static Verb granary(String... words) throws Exception {
        Path out = Files.createTempFile(FOLDER, words[0], ".out");
        List<String> command =
                new ArrayList<>(List.of(DIST.resolve("bin/granary").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--home", HOME.root().toString(), "--project", PROJECT.toString()));
        return new Verb(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start(),
                out);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void writeProject() throws Exception {
        Path subject = Files.createDirectories(PROJECT.resolve("subjects/faults/sources"))
                .getParent();
        Files.writeString(subject.resolve("subject.yaml"), """
                name: faults
                owner: faults
                description: What is collected while things break.
                cadence: daily
                time_zone: UTC
                alert_group: faults
                """, StandardCharsets.UTF_8);
        Files.writeString(subject.resolve("sources/web.yaml"), """
                type: log
                description: Numbered lines.
                format: combined
                files:
                  - {site: faults, glob: "%s/*.log*"}
                """.formatted(LOGS), StandardCharsets.UTF_8);
    }
}
