package io.granary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.watch.StreamMetrics;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class QueryRunTest {
    private static final GranaryException AWAY = new GranaryException(ErrorCode.EXTERNAL, "Redis is away");
    private static final GranaryException FOREIGN = new GranaryException(ErrorCode.DATA, "of another checkpoint");

    private final List<GranaryException> waited = new ArrayList<>();
    private final List<GranaryException> ended = new ArrayList<>();
    private final QueryRun.Observer observer = new QueryRun.Observer() {
        @Override
        public void waits(GranaryException why, Duration pause) {
            waited.add(why);
        }

        @Override
        public void ended(GranaryException why) {
            ended.add(why);
        }
    };

    @Test
    void whatMayPassIsTriedAgainAndWhatAPersonMustMendIsNot() throws InterruptedException {
        List<GranaryException> failures = new ArrayList<>(List.of(AWAY, FOREIGN));
        StreamMetrics told = new StreamMetrics();
        QueryRun run = new QueryRun(
                "traffic.access_log",
                announced -> {
                    throw new IllegalStateException("inside of Spark", failures.remove(0));
                },
                told.query("traffic.access_log"),
                observer);
        run.begin();
        run.awaitBegin();
        run.awaitEnd();
        assertThat(failures).isEmpty();
        assertThat(told.query("traffic.access_log").restarts()).isEqualTo(1);
        assertThat(waited).containsExactly(AWAY);
        assertThat(ended).containsExactly(FOREIGN);
        assertThat(told.query("traffic.access_log").isAlive()).isFalse();
        assertThat(run.end()).contains(FOREIGN);
        assertThat(told.query("traffic.access_log").isRunning()).isFalse();
    }

    /** A cluster that starts does not wait until all is computed anew, and nobody takes the query for dead. */
    @Test
    void aQueryThatComputesItsCountersAnewHasBegun() throws InterruptedException {
        StreamMetrics told = new StreamMetrics();
        CountDownLatch goesOn = new CountDownLatch(1);
        QueryRun run = new QueryRun(
                "a.log",
                announced -> {
                    announced.run();
                    goesOn.await();
                    throw FOREIGN;
                },
                told.query("a.log"),
                observer);
        run.begin();
        run.awaitBegin();
        assertThat(told.query("a.log").isRunning()).isTrue();
        assertThat(told.query("a.log").isAlive()).isTrue();
        goesOn.countDown();
        run.awaitEnd();
        assertThat(told.query("a.log").isRunning()).isFalse();
    }

    @Test
    void aStopEndsThePauseBeforeTheNextTry() throws InterruptedException {
        CountDownLatch tried = new CountDownLatch(1);
        QueryRun run = new QueryRun(
                "a.log",
                announced -> {
                    tried.countDown();
                    throw AWAY;
                },
                new StreamMetrics().query("a.log"),
                observer);
        run.begin();
        tried.await();
        run.stop();
        run.awaitEnd();
        assertThat(run.end()).isEmpty();
        assertThat(ended).isEmpty();
    }

    @Test
    void whatSparkSaysIsExplained() {
        QueryFailure lost = QueryFailure.of(
                "a.log",
                new IllegalStateException("Some data may have been lost because they are not available in Kafka"));
        assertThat(lost.isPassing()).isFalse();
        assertThat(lost.error())
                .hasMessageContaining("a.log")
                .hasMessageContaining("retention")
                .hasMessageContaining("`granary seal a.log`")
                .hasMessageContaining("(/granary/checkpoints/streaming/a.log, ")
                .hasMessageContaining("g:epoch:a.log and g:{0}:fence:a.log to g:{15}:fence:a.log")
                .hasMessageContaining("granary counters count");
        QueryFailure both = QueryFailure.of(
                "a.log",
                new IllegalStateException("Multiple streaming jobs detected for 7. Please make sure only one streaming"
                        + " job runs on a specific checkpoint location at a time."));
        assertThat(both.isPassing()).isFalse();
        QueryFailure second = QueryFailure.of(
                "a.log", new IllegalStateException("Multiple streaming queries are concurrently using file:/c"));
        assertThat(second.isPassing()).isFalse();
        assertThat(second.error()).hasMessageContaining("another process counts a.log");
        QueryFailure other = QueryFailure.of("a.log", new IllegalStateException("executor lost"));
        assertThat(other.isPassing()).isTrue();
        assertThat(other.error())
                .hasMessageContaining("a.log")
                .hasMessageContaining("tried again by itself")
                .hasMessageContaining("granary status")
                .hasMessageContaining("executor lost");
    }
}
