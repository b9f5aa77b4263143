package io.granary.streaming.faults;

import io.granary.streaming.JavaProcess;
import io.granary.streaming.KafkaFixture;
import io.granary.warehouse.config.LoopbackPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The running job while its process, Kafka and Redis are killed at random points: after each fault every counter becomes
 * the truth, and no number that was read goes down unless that is announced. {@code -Pfaults} has hundreds of them.
 */
class JobFaultsIT {
    private static final int FAULTS = Integer.getInteger("granary.faults.job", 4);
    private static final long SEED = Long.getLong("granary.faults.job.seed", 6);

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private KafkaFixture kafka;
    private JobScene scene;

    private enum Fault {
        JOB,
        JOB_WHILE_IT_STARTS,
        JOB_AND_MORE_PARTITIONS,
        BROKER,
        REDIS,
        REDIS_EMPTIED,
        REDIS_EMPTIED_AND_JOB,
        ALL
    }

    /** Of ten faults; fewer are the first of them. */
    private static final List<Fault> USUAL = List.of(
            Fault.JOB,
            Fault.BROKER,
            Fault.REDIS,
            Fault.REDIS_EMPTIED_AND_JOB,
            Fault.JOB_AND_MORE_PARTITIONS,
            Fault.REDIS_EMPTIED,
            Fault.JOB,
            Fault.BROKER,
            Fault.REDIS,
            Fault.REDIS);

    @Test
    void everyCounterBecomesTheTruthAndNoNumberGoesDownUnannounced() throws Exception {
        System.err.printf("%d faults of seed %d%n", FAULTS, SEED);
        int port = LoopbackPort.anyFree();
        try (JavaProcess metastore = metastore(port)) {
            metastore.start();
            kafka = new KafkaFixture(folder);
            scene = new JobScene(folder, kafka.bootstrap(), Optional.of("thrift://127.0.0.1:" + port), random);
            scene.begin();
            List<Fault> faults = new ArrayList<>();
            for (int i = 0; i < FAULTS; i++) {
                if (faults.isEmpty()) {
                    faults.addAll(FAULTS > USUAL.size() ? List.of(Fault.ALL, Fault.JOB_WHILE_IT_STARTS) : List.of());
                    faults.addAll(USUAL.subList(0, Math.min(USUAL.size(), FAULTS - i)));
                    Collections.shuffle(faults, random);
                }
                Fault fault = faults.remove(0);
                Thread.sleep(random.nextInt(700));
                befall(fault);
                Thread.sleep(random.nextInt(300));
                scene.awaitTruth((i + 1) + " " + fault);
            }
            scene.end();
        } finally {
            if (scene != null) {
                scene.close();
            }
            kafka.close();
        }
    }

    private JavaProcess metastore(int port) throws Exception {
        return new JavaProcess(
                JavaProcess.distribution("spark"),
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                List.of(
                        "io.granary.cluster.hive.Metastore",
                        folder.resolve("metastore").toString(),
                        Integer.toString(port),
                        folder.toUri().toString().replaceFirst("/$", ""),
                        folder.resolve("metastore.ready").toString()),
                folder.resolve("metastore.log"));
    }

    private void befall(Fault fault) throws Exception {
        switch (fault) {
            case JOB -> restart();
            case JOB_WHILE_IT_STARTS -> {
                restart();
                Thread.sleep(random.nextInt(8000));
                restart();
            }
            case JOB_AND_MORE_PARTITIONS -> {
                scene.kill();
                scene.grow();
                scene.start();
            }
            case BROKER -> {
                kafka.kill();
                Thread.sleep(random.nextInt(1000));
                kafka.start();
            }
            case REDIS -> {
                scene.redis.kill();
                Thread.sleep(random.nextInt(1000));
                scene.redis.start();
            }
            case REDIS_EMPTIED -> empty();
            case REDIS_EMPTIED_AND_JOB -> {
                empty();
                Thread.sleep(random.nextInt(3000));
                restart();
            }
            case ALL -> {
                scene.kill();
                scene.redis.kill();
                kafka.kill();
                scene.redis.start();
                scene.start();
                kafka.start();
            }
        }
    }

    private void restart() throws Exception {
        scene.kill();
        scene.start();
    }

    private void empty() throws Exception {
        scene.redis.kill();
        scene.redis.forget();
        scene.redis.start();
    }
}
