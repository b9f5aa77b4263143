package io.granary.serving;

import io.granary.warehouse.error.GranaryException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whether this process lives and whether what it needs answers. */
final class Health {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private final CounterStore redis;
    private final ShareDatabases databases;
    private final String share;
    private final Clock clock;

    Health(CounterStore redis, ShareDatabases databases, String share, Clock clock) {
        this.redis = redis;
        this.databases = databases;
        this.share = share;
        this.clock = clock;
    }

    /**
     * @param status {@code UP} when every check is
     * @param problems what is wrong, for the checks that are {@code DOWN}
     */
    record State(String status, Map<String, String> checks, Map<String, String> problems, Instant asOf) {
        boolean isUp() {
            return status.equals("UP");
        }
    }

    State live() {
        return new State("UP", Map.of(), Map.of(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    State ready() {
        Map<String, String> checks = new LinkedHashMap<>();
        Map<String, String> problems = new LinkedHashMap<>();
        check("redis", redis::ping, checks, problems);
        check("share", this::askShare, checks, problems);
        return new State(
                problems.isEmpty() ? "UP" : "DOWN",
                checks,
                problems,
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private void askShare() {
        databases.read(share, connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute("SELECT 1");
            }
        });
    }

    private static void check(
            String name, Runnable question, Map<String, String> checks, Map<String, String> problems) {
        try {
            question.run();
            checks.put(name, "UP");
        } catch (GranaryException e) {
            LOG.debug("{} is down", name, e);
            checks.put(name, "DOWN");
            problems.put(name, e.getMessage());
        }
    }
}
