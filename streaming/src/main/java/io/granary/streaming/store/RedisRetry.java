package io.granary.streaming.store;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Waits for a Redis that is away or takes no writes for a moment. Safe because every call of ours may be repeated: the
 * fence keeps a slice from being applied twice.
 *
 * @param patience how long one call is tried
 * @param onWait is run each time before a call is tried again
 */
public record RedisRetry(Duration patience, Runnable onWait) {
    private static final Logger LOG = LoggerFactory.getLogger(RedisRetry.class);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final String MOVING = "The cluster is being changed; see CLUSTER INFO on its nodes.";
    private static final String BUSY = "Another script runs there for long; see its slow log.";
    /** What Redis says of a state that passes, and what a person can do about it when it does not. */
    private static final Map<String, String> PASSING = new TreeMap<>(Map.ofEntries(
            Map.entry("LOADING", "It is still reading its dump or append-only file."),
            Map.entry("BUSY", BUSY),
            Map.entry("UNKILLABLE", BUSY),
            Map.entry("NOSCRIPT", "Its scripts are flushed again and again."),
            Map.entry("READONLY", "It is a replica: the profile's redis must name the master."),
            Map.entry("MASTERDOWN", "It is a replica whose master is away."),
            Map.entry("NOREPLICAS", "It has fewer replicas than its min-replicas-to-write."),
            Map.entry(
                    "OOM",
                    "Its memory is full: raise its maxmemory, or shorten the counters' ttl or max_keys."
                            + " `granary counters` shows their sizes."),
            Map.entry("MISCONF", "It cannot write its dump or append-only file: is its disk full? See its log."),
            Map.entry("CLUSTERDOWN", "A part of its slots has no master; see CLUSTER INFO on its nodes."),
            Map.entry("MOVED", MOVING),
            Map.entry("ASK", MOVING),
            Map.entry("TRYAGAIN", MOVING)));

    /** In front of the message, or behind the place in a script. */
    private static final Pattern WORD = Pattern.compile("(?:^| )-?([A-Z]{3,}) ");

    public RedisRetry(Duration patience) {
        this(patience, () -> {});
    }

    /**
     * Calls until it works.
     *
     * @throws GranaryException EXTERNAL when Redis is away for longer than our patience
     * @throws JedisException what does not pass by itself
     */
    public <T> T call(Supplier<T> call) {
        return call(call, () -> {});
    }

    /** @param onFailure is run before the call is tried again */
    <T> T call(Supplier<T> call, Runnable onFailure) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (boolean told = false; ; told = true) {
            try {
                return call.get();
            } catch (JedisException e) {
                if (!isPassing(e)) {
                    throw e;
                }
                if (System.nanoTime() > deadline) {
                    throw new GranaryException(ErrorCode.EXTERNAL, complaint(e), e);
                }
                if (!told) {
                    LOG.warn("Redis is away, waiting: {}", e.getMessage());
                }
                onWait.run();
                pause(e);
                onFailure.run();
            }
        }
    }

    private String complaint(JedisException e) {
        String said = e.getMessage();
        return word(e).map(word -> "Redis takes no counters for " + patience.toSeconds() + " s: " + said + " "
                        + PASSING.get(word) + " Counting goes on from here by itself.")
                .orElse("Redis cannot be reached for " + patience.toSeconds() + " s: " + said
                        + ". Is it up (`granary status`)?");
    }

    private static boolean isPassing(JedisException e) {
        return e instanceof JedisConnectionException
                || e instanceof JedisClusterOperationException
                || word(e).isPresent();
    }

    private static Optional<String> word(JedisException e) {
        return WORD.matcher(String.valueOf(e.getMessage()))
                .results()
                .map(found -> found.group(1))
                .filter(PASSING::containsKey)
                .findFirst();
    }

    private static void pause(RuntimeException e) {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw e;
        }
    }
}
