package io.granary.ingestion.sync.redis;

import io.granary.warehouse.redis.HashReads;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;

/** Hashes by Jedis, all of a call in one pipeline. */
public record PipelinedHashes(UnifiedJedis redis) implements HashReads {
    @Override
    public List<Map<String, String>> of(List<String> keys) {
        try (AbstractPipeline pipeline = redis.pipelined()) {
            List<Response<Map<String, String>>> asked =
                    keys.stream().map(pipeline::hgetAll).toList();
            pipeline.sync();
            return asked.stream().map(Response::get).toList();
        }
    }
}
