package io.granary.ingestion.sync.redis;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.AttributeVersion;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import redis.clients.jedis.UnifiedJedis;

/**
 * One version of the attributes of a prefix while it is loaded (docs/contracts.md, section 9). One loader of a prefix works
 * at a time: it holds a lock with a lease, so that a killed one is out of the way after it. What a killed loader wrote is
 * never pointed to, and the next one removes it.
 */
final class AttributeLoad {
    private static final String BEGIN = """
            local holder = redis.call('GET', KEYS[1])
            if holder and holder ~= ARGV[1] then return -redis.call('PTTL', KEYS[1]) end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            for _, dead in ipairs(redis.call('HKEYS', KEYS[2])) do
              redis.call('ZADD', KEYS[3], ARGV[3], dead)
              redis.call('HDEL', KEYS[2], dead)
            end
            local version = redis.call('INCR', KEYS[4])
            redis.call('HSET', KEYS[2], version, ARGV[4])
            return version
            """;
    private static final String RENEW = """
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            return redis.call('PEXPIRE', KEYS[1], ARGV[2])
            """;
    private static final String SWITCH = """
            if redis.call('GET', KEYS[1]) ~= ARGV[1] or redis.call('HDEL', KEYS[2], ARGV[2]) == 0 then return 0 end
            local before = redis.call('HGET', KEYS[4], 'version')
            if before then redis.call('ZADD', KEYS[3], ARGV[3], before) end
            redis.call('DEL', KEYS[4])
            redis.call('HSET', KEYS[4], unpack(ARGV, 4))
            return 1
            """;
    private static final String ABANDON = """
            if redis.call('HDEL', KEYS[2], ARGV[2]) == 1 then redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2]) end
            return 1
            """;
    private static final String RELEASE = """
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            return redis.call('DEL', KEYS[1])
            """;

    private final UnifiedJedis redis;
    private final String prefix;
    private final AttributeTimes times;
    private final Clock clock;
    private final String token = UUID.randomUUID().toString();
    private final String label;
    private final long version;

    private AttributeLoad(UnifiedJedis redis, String prefix, String label, AttributeTimes times, Clock clock) {
        this.redis = redis;
        this.prefix = prefix;
        this.label = label;
        this.times = times;
        this.clock = clock;
        this.version = begin();
    }

    /**
     * Takes the prefix's lock and a version number of its own; a lock that a killed loader left is waited for.
     *
     * @param label what is loaded
     * @throws GranaryException when another loader is at work
     */
    static AttributeLoad begin(UnifiedJedis redis, String prefix, String label, AttributeTimes times, Clock clock) {
        return new AttributeLoad(redis, prefix, label, times, clock);
    }

    /** Removes what a loader left that died behind its switch. Who loads meanwhile does it, too. */
    static void tidy(UnifiedJedis redis, String prefix, AttributeTimes times, Clock clock) {
        if (redis.zcard(RedisKeys.attributesState(prefix, "retired")) == 0) {
            return;
        }
        try {
            AttributeLoad load = begin(redis, prefix, "", times, clock);
            load.abandon();
            load.sweep();
            load.release();
        } catch (GranaryException e) {
            if (e.code() != ErrorCode.BUSY) {
                throw e;
            }
        }
    }

    long version() {
        return version;
    }

    Optional<AttributeVersion> current() {
        return AttributeVersion.of(redis.hgetAll(RedisKeys.attributesCurrent(prefix)));
    }

    private long begin() {
        long until = System.nanoTime() + times.patience().toNanos();
        while (true) {
            long answer = number(
                    BEGIN,
                    List.of(key("lock"), key("loading"), key("retired"), key("last")),
                    List.of(token, millis(times.lease()), removableAt(times.grace()), label));
            if (answer > 0) {
                return answer;
            }
            if (System.nanoTime() > until) {
                throw new GranaryException(
                        ErrorCode.BUSY,
                        "another export loads the attributes of '" + prefix + "' now (" + key("lock") + ", for another "
                                + -answer + " ms). Run this one again when it has ended.");
            }
            pause(Math.min(-answer + 1, 500));
        }
    }

    /**
     * Keeps the lock; called before every batch.
     *
     * @throws GranaryException when it was lost: then another loader may have begun
     */
    void renew() {
        if (number(RENEW, List.of(key("lock")), List.of(token, millis(times.lease()))) == 0) {
            throw lost();
        }
    }

    /** Points readers to this version; the one before stays for the grace time. */
    AttributeVersion complete(long rows) {
        AttributeVersion next = new AttributeVersion(version, label, rows, clock.instant());
        List<String> arguments = new ArrayList<>(List.of(token, Long.toString(version), removableAt(times.grace())));
        next.fields().forEach((field, value) -> arguments.addAll(List.of(field, value)));
        List<String> keys = List.of(key("lock"), key("loading"), key("retired"), RedisKeys.attributesCurrent(prefix));
        if (number(SWITCH, keys, arguments) == 0) {
            throw lost();
        }
        return next;
    }

    /** Gives the version up: nobody will ever read it, and it may be removed at once. */
    void abandon() {
        number(
                ABANDON,
                List.of(key("lock"), key("loading"), key("retired")),
                List.of(token, Long.toString(version), removableAt(Duration.ZERO)));
    }

    /** Removes what nobody reads any more; those in their grace time get an expiry. */
    void sweep() {
        new AttributeSweep(redis, prefix, clock).run();
    }

    void release() {
        number(RELEASE, List.of(key("lock")), List.of(token));
    }

    private GranaryException lost() {
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "the lock " + key("lock") + " was lost after " + times.lease().toSeconds()
                        + " s without a sign: this process or Redis stood still, or Redis was restarted. Readers still"
                        + " have the version before. Run the export again.");
    }

    private long number(String script, List<String> keys, List<String> arguments) {
        return ((Number) redis.eval(script, keys, arguments)).longValue();
    }

    private String key(String what) {
        return RedisKeys.attributesState(prefix, what);
    }

    private String removableAt(Duration from) {
        return Long.toString(clock.millis() + from.toMillis());
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted while another export loads attributes", e);
        }
    }
}
