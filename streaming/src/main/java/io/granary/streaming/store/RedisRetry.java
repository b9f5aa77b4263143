package io.granary.streaming.store;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Waits for a Redis that is away for a moment (restarted, loading). Safe because every call of ours may be repeated: the
 * fence keeps a slice from being applied twice.
 */
public record RedisRetry(Duration patience) {
    private static final Logger LOG = LoggerFactory.getLogger(RedisRetry.class);
    private static final Duration PAUSE = Duration.ofMillis(200);

    public <T> T call(Supplier<T> call) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (boolean told = false; ; told = true) {
            try {
                return call.get();
            } catch (JedisConnectionException | JedisDataException e) {
                if (e instanceof JedisDataException && !isPassing(e)) {
                    throw e;
                }
                if (System.nanoTime() > deadline) {
                    throw new GranaryException(
                            ErrorCode.EXTERNAL,
                            "Redis cannot be reached for " + patience.toSeconds() + " s: " + e.getMessage()
                                    + ". Is it up (`granary status`)?",
                            e);
                }
                if (!told) {
                    LOG.warn("Redis is away, waiting: {}", e.getMessage());
                }
                pause(e);
            }
        }
    }

    private static boolean isPassing(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("LOADING") || message.startsWith("BUSY ");
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
