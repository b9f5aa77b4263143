package io.granary.batch.submit;

import io.granary.tablestore.Sessions;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.function.Function;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.sql.SparkSession;

/**
 * Sessions of a Spark application in this process. It is started by the first session, so a verb that has nothing to do
 * asks no cluster for anything.
 */
final class SparkApplication implements Sessions, AutoCloseable {
    private static final Duration END_OF_STATEMENTS = Duration.ofSeconds(20);
    /** Spark ends its application in a hook of Hadoop's that comes after this one. */
    private static final int BEFORE_SPARK = FileSystem.SHUTDOWN_HOOK_PRIORITY + 100;

    private final Function<Profile, SparkSession> starter;
    private SparkSession application;
    private int open;

    SparkApplication(Function<Profile, SparkSession> starter) {
        this.starter = starter;
    }

    @Override
    public synchronized SqlSession open(Profile profile) {
        if (application == null) {
            application = start(profile);
            // when the process is told to end, the verb cancels its statements and clears what they staged
            ShutdownHookManager.get()
                    .addShutdownHook(
                            this::awaitSessions,
                            BEFORE_SPARK,
                            END_OF_STATEMENTS.toMillis(),
                            java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        open++;
        return SparkSqlSession.open(application, this::sessionClosed);
    }

    private SparkSession start(Profile profile) {
        try {
            return starter.apply(profile);
        } catch (GranaryException e) {
            throw e;
        } catch (Exception e) {
            // Scala throws checked exceptions without declaring them
            throw new GranaryException(ErrorCode.EXTERNAL, "the Spark application did not start: " + e, e);
        }
    }

    private synchronized void sessionClosed() {
        open--;
        notifyAll();
    }

    private synchronized void awaitSessions() {
        long deadline = System.nanoTime() + END_OF_STATEMENTS.toNanos();
        try {
            for (long left = END_OF_STATEMENTS.toMillis(); open > 0 && left > 0; ) {
                wait(left);
                left = (deadline - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the application, if it was started. */
    @Override
    public synchronized void close() {
        if (application != null) {
            application.stop();
            application = null;
        }
    }
}
