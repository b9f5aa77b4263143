package io.granary.ingestion.sync;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that is interrupted when the process is told to end, and gets some seconds to take back what it has begun. */
final class Interrupted {
    private static final Logger LOG = LoggerFactory.getLogger(Interrupted.class);
    private static final int SECONDS_TO_END = 20;

    private Interrupted() {}

    static <T> T atShutdown(Supplier<T> work) {
        Thread worker = Thread.currentThread();
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            worker.interrupt();
            try {
                if (!ended.await(SECONDS_TO_END, TimeUnit.SECONDS)) {
                    LOG.warn("the job did not end within {} s; the process ends now", SECONDS_TO_END);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.get();
        } finally {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                LOG.debug("the process ends already");
            }
        }
    }
}
