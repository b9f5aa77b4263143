package io.granary.cli.retire;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** The keys of counters in Redis: those of a subject are deleted, the others are watched. */
final class RealTimeKeys implements AutoCloseable {
    private static final int BATCH = 500;
    /** Keys that would expire by themselves this soon are not missed. */
    private static final Duration SOON = Duration.ofMinutes(10);

    private final RedisClient redis;
    private final List<Pattern> own;

    private RealTimeKeys(RedisClient redis, List<Pattern> own) {
        this.redis = redis;
        this.own = own;
    }

    /**
     * Connects.
     *
     * @param patterns of the subject's keys, in which {@code *} stands for anything
     */
    static RealTimeKeys open(Profile profile, List<String> patterns) {
        RedisClient redis = RedisClient.create(URI.create(profile.redis()));
        try {
            redis.ping();
        } catch (JedisException e) {
            redis.close();
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "cannot reach Redis: " + e.getMessage()
                            + ". See `granary status`, or the value of `redis` in the profile.",
                    e);
        }
        return new RealTimeKeys(
                redis, patterns.stream().map(RealTimeKeys::pattern).toList());
    }

    private static Pattern pattern(String text) {
        String expression = Stream.of(text.split("[*]", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(expression, Pattern.DOTALL);
    }

    /** Checksums of all keys that are not the subject's. */
    Set<Long> others() {
        return others(keys -> keys);
    }

    /** Of these, those that will not expire soon, so that they must be there later too. */
    Set<Long> lastingOthers() {
        return others(this::lasting);
    }

    private Set<Long> others(UnaryOperator<List<String>> some) {
        Set<Long> others = new HashSet<>();
        scan(keys -> some.apply(keys.stream().filter(key -> !isOwn(key)).toList())
                .forEach(key -> others.add(checksum(key))));
        return others;
    }

    private List<String> lasting(List<String> keys) {
        try (var pipeline = redis.pipelined()) {
            List<Response<Long>> ttls = new ArrayList<>();
            keys.forEach(key -> ttls.add(pipeline.pttl(key)));
            pipeline.sync();
            List<String> lasting = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                long ttl = ttls.get(i).get();
                if (ttl == -1 || ttl > SOON.toMillis()) {
                    lasting.add(keys.get(i));
                }
            }
            return lasting;
        }
    }

    /** Deletes the subject's keys, a few at a time, so that Redis answers others meanwhile. */
    long delete() {
        long[] deleted = new long[1];
        scan(keys -> {
            String[] own = keys.stream().filter(this::isOwn).toArray(String[]::new);
            if (own.length > 0) {
                deleted[0] += redis.unlink(own);
            }
        });
        return deleted[0];
    }

    /** When the stream has counted for a query last; empty when never. */
    Optional<Instant> countedAt(String query) {
        String at = call(() -> redis.hget(RedisKeys.asOf(query), "at"));
        return Optional.ofNullable(at).map(Long::parseLong).map(Instant::ofEpochMilli);
    }

    private boolean isOwn(String key) {
        return own.stream().anyMatch(pattern -> pattern.matcher(key).matches());
    }

    private void scan(Consumer<List<String>> page) {
        ScanParams all = new ScanParams().match("*").count(BATCH);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            String from = cursor;
            ScanResult<String> found = call(() -> redis.scan(from, all));
            call(() -> {
                page.accept(found.getResult());
                return null;
            });
            cursor = found.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    }

    private static <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (JedisException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "Redis does not answer: " + e.getMessage() + ". Call the same command again when it does.",
                    e);
        }
    }

    /** 64 bits of FNV-1a: a million names stay small, and two of them are the same once in a lifetime. */
    private static long checksum(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    @Override
    public void close() {
        redis.close();
    }
}
