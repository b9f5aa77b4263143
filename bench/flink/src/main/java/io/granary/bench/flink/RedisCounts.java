package io.granary.bench.flink;

import java.net.URI;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/**
 * Writes a window's count when the window is over: a value, not an increment, so a repeated one changes nothing. What was
 * written is in Redis before a checkpoint is done.
 */
final class RedisCounts implements Sink<RedisCounts.Count> {
    private static final long serialVersionUID = 1;
    private static final int PIPELINE = 1000;

    private final URI redis;

    /** Views of a campaign in a window; {@code second} is the window's first. */
    record Count(String campaign, long second, long views) {}

    RedisCounts(URI redis) {
        this.redis = redis;
    }

    @Deprecated
    @Override
    public SinkWriter<Count> createWriter(Sink.InitContext context) {
        return new Writer(redis);
    }

    @Override
    public SinkWriter<Count> createWriter(WriterInitContext context) {
        return new Writer(redis);
    }

    private static final class Writer implements SinkWriter<Count> {
        private final Jedis jedis;
        private final Pipeline pipeline;
        private int written;

        Writer(URI redis) {
            this.jedis = new Jedis(redis);
            this.pipeline = jedis.pipelined();
        }

        @Override
        public void write(Count count, Context context) {
            pipeline.hset("ysb:" + count.campaign(), Long.toString(count.second()), Long.toString(count.views()));
            if (++written % PIPELINE == 0) {
                pipeline.sync();
            }
        }

        @Override
        public void flush(boolean endOfInput) {
            pipeline.sync();
        }

        @Override
        public void close() {
            pipeline.close();
            jedis.close();
        }
    }
}
