package io.granary.batch.submit;

import io.granary.tablestore.EngineMessage;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A session inside this process's Spark application, with settings and temporary views of its own. Values, errors and
 * settings are those of {@link io.granary.tablestore.HiveJdbcSession}, so that the same statements give the same.
 */
public final class SparkSqlSession implements SqlSession {
    private static final Duration CANCEL_AT_MOST = Duration.ofSeconds(5);
    private static final int CANCEL_EVERY_MS = 50;
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final SparkSession spark;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Running running;

    /** The statement that runs; its jobs are those of the group. */
    private record Running(String group, CountDownLatch ended) {}

    private SparkSqlSession(SparkSession spark, Runnable onClose) {
        this.spark = spark;
        this.onClose = onClose;
    }

    /** A session beside the others of the application. */
    public static SparkSqlSession open(SparkSession application) {
        return open(application, () -> {});
    }

    /** @param onClose run once, when the session is closed */
    static SparkSqlSession open(SparkSession application, Runnable onClose) {
        SparkSession own = application.newSession();
        own.conf().set("spark.sql.session.timeZone", "UTC");
        own.conf().set("hive.exec.dynamic.partition.mode", "nonstrict");
        return new SparkSqlSession(own, onClose);
    }

    @Override
    public void execute(String sql) {
        query(sql);
    }

    @Override
    public Rows query(String sql) {
        SparkContext context = spark.sparkContext();
        Running statement = new Running("granary-" + NUMBERS.incrementAndGet(), new CountDownLatch(1));
        SparkSession.setActiveSession(spark);
        context.setJobGroup(statement.group(), EngineMessage.firstLines(sql), false);
        running = statement;
        try {
            return rows(spark.sql(sql));
        } catch (Exception e) {
            // Scala throws checked exceptions without declaring them
            throw failure(sql, e);
        } finally {
            running = null;
            statement.ended().countDown();
            context.clearJobGroup();
            SparkSession.clearActiveSession();
        }
    }

    private static Rows rows(Dataset<Row> result) {
        CellsAsJdbc cells = new CellsAsJdbc(result.schema());
        List<List<Object>> rows = new ArrayList<>();
        for (Row row : result.collectAsList()) {
            rows.add(cells.of(row));
        }
        return new Rows(List.of(result.columns()), rows);
    }

    private GranaryException failure(String sql, Exception e) {
        String message = EngineMessage.clean(reason(e)) + "\nstatement: " + EngineMessage.firstLines(sql);
        String state = e instanceof SparkThrowable known && known.getSqlState() != null ? known.getSqlState() : "";
        if (state.startsWith("42")) {
            return new GranaryException(ErrorCode.DEFINITION, message, e);
        }
        if (state.startsWith("22")) {
            return new GranaryException(ErrorCode.DATA, message, e);
        }
        return new GranaryException(
                ErrorCode.EXTERNAL,
                message + "\napplication: " + spark.sparkContext().applicationId(),
                e);
    }

    /** The outermost message, and the innermost one where the outer ones do not hold it. */
    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String outer = e.getMessage() == null ? "" : e.getMessage();
        String inner = root.getMessage() == null ? root.toString() : root.getMessage();
        return outer.contains(inner) ? outer : outer + "\n" + inner;
    }

    /**
     * Cancels the statement's jobs, those too that it starts a moment later, until it has ended, five seconds at the
     * most.
     */
    @Override
    public void cancel() {
        Running statement = running;
        if (statement == null) {
            return;
        }
        long deadline = System.nanoTime() + CANCEL_AT_MOST.toNanos();
        try {
            do {
                spark.sparkContext().cancelJobGroup(statement.group());
            } while (!statement.ended().await(CANCEL_EVERY_MS, TimeUnit.MILLISECONDS) && System.nanoTime() < deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.run();
        }
    }
}
