package io.granary.serving;

import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.redis.RedisKeys;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * The responses for one combination in one bucket: numbers from its hash, distinct measures from their sets and sketches.
 *
 * @param numbers of the hash: the rows, then the measures that are numbers
 * @param distinct by measure
 */
record Cell(
        long bucket, List<MeasureNode> measures, Response<List<String>> numbers, Map<String, Response<Long>> distinct) {

    /** @param by encoded values of the dimensions */
    static Cell ask(AbstractPipeline pipeline, CounterNode counter, String window, long bucket, String by) {
        String name = counter.qualifiedName();
        int shard = RedisKeys.shard(name, by);
        List<String> fields = new ArrayList<>();
        fields.add(RedisKeys.rows(by));
        Map<String, Response<Long>> distinct = new LinkedHashMap<>();
        for (MeasureNode measure : counter.measures()) {
            if (measure.keepsMembers()) {
                distinct.put(
                        measure.name(),
                        pipeline.scard(RedisKeys.members(shard, name, window, bucket, measure.name(), by)));
            } else if (measure.isSketch()) {
                distinct.put(
                        measure.name(),
                        pipeline.pfcount(RedisKeys.sketch(shard, name, window, bucket, measure.name(), by)));
            } else {
                fields.add(RedisKeys.field(by, measure.name()));
            }
        }
        Response<List<String>> numbers =
                pipeline.hmget(RedisKeys.values(shard, name, window, bucket), fields.toArray(String[]::new));
        return new Cell(bucket, counter.measures(), numbers, distinct);
    }

    boolean hasData() {
        return numbers.get().stream().anyMatch(Objects::nonNull)
                || distinct.values().stream().anyMatch(count -> count.get() > 0);
    }

    Map<String, Number> values() {
        Map<String, Number> values = new LinkedHashMap<>();
        int next = 1;
        for (MeasureNode measure : measures) {
            Response<Long> count = distinct.get(measure.name());
            if (count != null) {
                values.put(measure.name(), count.get());
            } else {
                String number = numbers.get().get(next++);
                values.put(measure.name(), number == null ? BigDecimal.ZERO : new BigDecimal(number));
            }
        }
        return values;
    }
}
