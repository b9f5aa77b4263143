package io.granary.cli.retire;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.config.RedisAddress;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
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
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.ScanIteration;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

/** The keys of counters in Redis: those of a subject are deleted, the others are watched. */
final class RealTimeKeys implements AutoCloseable {
    private static final int BATCH = 500;
    /** Keys that would expire by themselves this soon are not missed. */
    private static final Duration SOON = Duration.ofMinutes(10);

    private final UnifiedJedis redis;
    private final List<Pattern> own;

    private RealTimeKeys(UnifiedJedis redis, List<Pattern> own) {
        this.redis = redis;
        this.own = own;
    }

    /**
     * Connects.
     *
     * @param patterns of the subject's keys, in which {@code *} stands for anything
     */
    static RealTimeKeys open(Profile profile, List<String> patterns) {
        UnifiedJedis redis = connect(profile.redisAddress());
        try {
            redis.exists("g:ping");
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

    private static UnifiedJedis connect(RedisAddress address) {
        if (!address.isCluster()) {
            return RedisClient.create(address.nodes().get(0));
        }
        return RedisClusterClient.builder()
                .nodes(address.nodes().stream()
                        .map(JedisURIHelper::getHostAndPort)
                        .collect(Collectors.toSet()))
                .clientConfig(
                        DefaultJedisClientConfig.builder(address.nodes().get(0)).build())
                .build();
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
        try (AbstractPipeline pipeline = redis.pipelined()) {
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
            // one by one in a pipeline: in a cluster they lie in many slots
            try (AbstractPipeline pipeline = redis.pipelined()) {
                List<Response<Long>> unlinked =
                        keys.stream().filter(this::isOwn).map(pipeline::unlink).toList();
                pipeline.sync();
                unlinked.forEach(one -> deleted[0] += one.get());
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

    /** Page by page, on all nodes of a cluster. */
    private void scan(Consumer<List<String>> page) {
        ScanIteration pages = redis.scanIteration(BATCH, "*");
        while (!pages.isIterationCompleted()) {
            call(() -> {
                page.accept(List.copyOf(pages.nextBatchList()));
                return null;
            });
        }
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
