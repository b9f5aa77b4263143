package io.granary.serving;

import io.granary.warehouse.redis.CounterReads.Round;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.resps.Tuple;

/**
 * Questions in a pipeline.
 *
 * @param unavailable makes the error that a caller sees, of one that an answer is
 */
record RedisRound(AbstractPipeline pipeline, Function<RuntimeException, RuntimeException> unavailable)
        implements Round {
    @Override
    public Supplier<Map<String, String>> hash(String key) {
        return answer(pipeline.hgetAll(key));
    }

    @Override
    public Supplier<List<String>> fields(String key, List<String> names) {
        return answer(pipeline.hmget(key, names.toArray(String[]::new)));
    }

    @Override
    public Supplier<Long> members(String key) {
        return answer(pipeline.scard(key));
    }

    @Override
    public Supplier<Long> sketch(String key) {
        return answer(pipeline.pfcount(key));
    }

    @Override
    public Supplier<Map<String, Double>> best(String key, int size) {
        Supplier<List<Tuple>> best = answer(pipeline.zrevrangeWithScores(key, 0, size - 1L));
        return () -> {
            Map<String, Double> scores = new LinkedHashMap<>();
            best.get().forEach(place -> scores.put(place.getElement(), place.getScore()));
            return scores;
        };
    }

    private <T> Supplier<T> answer(Response<T> response) {
        return () -> {
            try {
                return response.get();
            } catch (JedisException | IllegalStateException e) {
                // the latter of a node of a cluster that gave no answer
                throw unavailable.apply(e);
            }
        };
    }
}
