package io.granary.batch.run;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds a statement up in the middle: {@code java_method('io.granary.batch.run.Gate', 'pass', '<name>')} in its SQL
 * returns when the test opens the gate. The test's Thrift Server runs in the test's JVM.
 */
public final class Gate implements AutoCloseable {
    private static final Map<String, Gate> GATES = new ConcurrentHashMap<>();
    private static final int PATIENCE_SECONDS = 60;

    private final CountDownLatch arrived;
    private final CountDownLatch open = new CountDownLatch(1);

    private Gate(int statements) {
        this.arrived = new CountDownLatch(statements);
    }

    /** A gate for so many statements; a statement whose gate was never made passes. */
    static Gate closed(String name, int statements) {
        Gate gate = new Gate(statements);
        GATES.put(name, gate);
        return gate;
    }

    /** Condition for a WHERE; true. */
    static String condition(String name) {
        return "java_method('" + Gate.class.getName() + "', 'pass', '" + name + "') = '" + name + "'";
    }

    /** Called by Spark for each row. */
    public static String pass(String name) throws InterruptedException {
        Gate gate = GATES.get(name);
        if (gate != null) {
            gate.arrived.countDown();
            gate.open.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        return name;
    }

    /** Waits until the statements are in the middle. */
    void awaitAll() throws InterruptedException {
        if (!arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("no statement came to the gate");
        }
    }

    void open() {
        open.countDown();
    }

    @Override
    public void close() {
        open();
    }
}
