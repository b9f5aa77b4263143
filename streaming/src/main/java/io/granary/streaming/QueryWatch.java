package io.granary.streaming;

import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.watch.Lag;
import io.granary.streaming.watch.QueryMetrics;
import io.granary.streaming.watch.StreamMetrics;
import io.granary.streaming.watch.TopicLag;
import io.granary.warehouse.redis.AsOf;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * Looks every few seconds how far each query is behind, and tells in Redis that it lives. It asks the stores and not the
 * queries, so that it says the truth about one that hangs.
 */
final class QueryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueryWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(2);
    /** Five looks may fail before a query that counts is taken for dead. */
    private static final Duration ALIVE = LOOK.multipliedBy(5);

    private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(5);
    private static final Duration TOLD = Duration.ofDays(40);

    private final List<StreamQuery> queries;
    private final UnifiedJedis redis;
    private final StreamMetrics metrics;
    private final String address;
    private final TopicLag topics;
    private final Map<String, Map<Integer, Long>> counted = new HashMap<>();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "query-watch");
        thread.setDaemon(true);
        return thread;
    });

    /** @param address where this process serves its metrics */
    QueryWatch(List<StreamQuery> queries, String kafka, UnifiedJedis redis, StreamMetrics metrics, String address) {
        this.queries = List.copyOf(queries);
        this.redis = redis;
        this.metrics = metrics;
        this.address = address;
        this.topics = new TopicLag(kafka, KAFKA_PATIENCE, InstantSource.system());
    }

    void begin() {
        looks.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Kafka may take its time: what is alive is told first. */
    private void look() {
        queries.forEach(this::tellAlive);
        queries.forEach(this::tellLag);
    }

    private void tellAlive(StreamQuery query) {
        String name = query.name();
        QueryMetrics told = metrics.query(name);
        try {
            AsOf asOf = AsOf.of(redis.hgetAll(RedisKeys.asOf(name)));
            counted.put(name, asOf.offsets());
            told.rebuilding(asOf.state().equals(AsOf.REBUILDING));
            if (told.isAlive()) {
                redis.set(RedisKeys.alive(name), address, SetParams.setParams().px(ALIVE.toMillis()));
            }
        } catch (JedisException e) {
            LOG.debug("Redis does not say how far {} is", name, e);
        } catch (RuntimeException e) {
            LOG.warn("cannot tell how far {} is: {}", name, e.getMessage());
        }
    }

    private void tellLag(StreamQuery query) {
        // while Redis is away the lag grows from where it was seen last
        if (counted.containsKey(query.name())) {
            metrics.query(query.name()).lag(lag(query));
        }
    }

    private Lag lag(StreamQuery query) {
        try {
            return topics.of(query.source().topic(), counted.get(query.name()));
        } catch (KafkaException e) {
            LOG.debug("Kafka does not say how far {} is", query.name(), e);
            return Lag.UNKNOWN;
        }
    }

    /** Says that a query does not count for now, and why. */
    void waits(String query, String why, Duration pause) {
        Duration told = pause.plus(ALIVE);
        tell(() -> redis.set(RedisKeys.waits(query), why, SetParams.setParams().px(told.toMillis())));
    }

    /** Says that a query does not go on, and why. */
    void ended(String query, String why) {
        tell(() -> {
            redis.set(RedisKeys.ended(query), why, SetParams.setParams().ex(TOLD.toSeconds()));
            redis.del(RedisKeys.alive(query));
            redis.del(RedisKeys.waits(query));
        });
    }

    /** Forgets why a query ended or waited before. */
    void started(String query) {
        tell(() -> {
            redis.del(RedisKeys.ended(query));
            redis.del(RedisKeys.waits(query));
        });
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (JedisException e) {
            LOG.debug("Redis is away", e);
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
        try {
            if (looks.awaitTermination(KAFKA_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                topics.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tell(() -> queries.forEach(query -> redis.del(RedisKeys.alive(query.name()))));
    }
}
