package io.granary.streaming.verbs;

import io.granary.warehouse.redis.CounterReads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.resps.Tuple;

/** Questions to Redis, or to the nodes of a cluster, as one pipeline. */
public record PipelinedReads(UnifiedJedis redis) implements CounterReads {
    @Override
    public <T> T inOneRound(Function<Round, T> questions) {
        try (AbstractPipeline pipeline = redis.pipelined()) {
            T asked = questions.apply(new Asked(pipeline));
            pipeline.sync();
            return asked;
        }
    }

    private record Asked(AbstractPipeline pipeline) implements Round {
        @Override
        public Supplier<Map<String, String>> hash(String key) {
            return pipeline.hgetAll(key)::get;
        }

        @Override
        public Supplier<List<String>> fields(String key, List<String> names) {
            return pipeline.hmget(key, names.toArray(String[]::new))::get;
        }

        @Override
        public Supplier<Long> members(String key) {
            return pipeline.scard(key)::get;
        }

        @Override
        public Supplier<Long> sketch(String key) {
            return pipeline.pfcount(key)::get;
        }

        @Override
        public Supplier<Map<String, Double>> best(String key, int size) {
            Response<List<Tuple>> best = pipeline.zrevrangeWithScores(key, 0, size - 1);
            return () -> {
                Map<String, Double> scores = new LinkedHashMap<>();
                best.get().forEach(place -> scores.put(place.getElement(), place.getScore()));
                return scores;
            };
        }
    }
}
