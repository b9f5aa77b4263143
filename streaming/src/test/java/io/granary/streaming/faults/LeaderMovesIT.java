package io.granary.streaming.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The running job while the leader of a Kafka partition is killed, and while leaders move between living brokers. Three
 * brokers take their time to start: only with {@code -Pfaults}.
 */
@EnabledIfSystemProperty(named = "granary.faults.leaders", matches = "\\d+")
class LeaderMovesIT {
    private static final int MOVES = Integer.getInteger("granary.faults.leaders", 0);

    @TempDir
    private Path folder;

    private final Random random = new Random(7);

    @Test
    void nothingIsLostOrCountedTwice() throws Exception {
        try (KafkaNodes kafka = new KafkaNodes(folder)) {
            kafka.awaitAll();
            try (JobScene scene = new JobScene(folder, kafka.bootstrap(), Optional.empty(), random)) {
                scene.begin();
                for (int move = 0; move < MOVES; move++) {
                    int partition = random.nextInt(4);
                    int leader = kafka.leader(JobScene.TOPIC, partition).orElseThrow();
                    kafka.kill(leader);
                    scene.awaitTruth("broker " + leader + " killed");
                    assertThat(kafka.leader(JobScene.TOPIC, partition))
                            .isPresent()
                            .isNotEqualTo(Optional.of(leader));
                    kafka.start(leader);
                    kafka.settle(JobScene.TOPIC);
                    scene.awaitTruth("leaders moved back");
                }
                scene.end();
            }
        }
    }
}
