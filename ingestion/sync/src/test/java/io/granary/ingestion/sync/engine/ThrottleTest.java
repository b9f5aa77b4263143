package io.granary.ingestion.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Limits of a whole job, and channels that stop together. */
class ThrottleTest {
    @Test
    void allChannelsTogetherKeepTheLimit() throws Exception {
        Throttle throttle = new Throttle(2000, 0, System::nanoTime);
        Callable<Long> channel = () -> {
            for (int i = 0; i < 10; i++) {
                throttle.pass(throttle.step(1024), 1_000_000_000);
            }
            return 0L;
        };
        long start = System.nanoTime();
        Channels.run(2, List.of(channel, channel), () -> {});
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(throttle.step(1024)).isEqualTo(200);
        // 4000 rows at 2000 a second, and whatever a busy machine adds
        assertThat(seconds).isBetween(1.7, 30.0);
    }

    @Test
    void withoutALimitNothingWaits() throws Exception {
        new Throttle(0, 0, System::nanoTime).pass(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    @Test
    void bytesAreLimitedToo() throws Exception {
        long[] now = {0};
        Throttle throttle = new Throttle(0, 1000, () -> now[0]);
        long start = System.nanoTime();
        throttle.pass(1, 100);
        assertThat((System.nanoTime() - start) / 1e9).isGreaterThan(0.09);
    }

    @Test
    void theFirstFailureIsWhatPeopleSee() {
        CountDownLatch stop = new CountDownLatch(1);
        Callable<Integer> waits = () -> {
            stop.await();
            throw new IllegalStateException("Socket closed");
        };
        Callable<Integer> fails = () -> {
            throw new GranaryException(ErrorCode.DATA, "row 7 cannot be kept");
        };
        assertThatThrownBy(() -> Channels.run(2, List.of(waits, fails), stop::countDown))
                .hasMessage("row 7 cannot be kept");
    }

    @Test
    void anInterruptedJobStopsItsChannels() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread job = new Thread(() -> {
            Callable<Integer> sleeps = () -> {
                Thread.sleep(60_000);
                return 1;
            };
            try {
                Channels.run(2, List.of(sleeps, sleeps), () -> {});
            } catch (GranaryException e) {
                if (e.getMessage().contains("interrupted")
                        && Thread.currentThread().isInterrupted()) {
                    stopped.countDown();
                }
            }
        });
        job.start();
        Thread.sleep(50);
        job.interrupt();
        assertThat(stopped.await(50, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }
}
