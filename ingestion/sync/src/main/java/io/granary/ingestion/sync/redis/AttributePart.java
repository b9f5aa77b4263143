package io.granary.ingestion.sync.redis;

import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;

/** The rows of one part, sent in batches that are bounded in rows and bytes; each answer of Redis is looked at. */
final class AttributePart implements RowWriter.Part {
    private static final int MOST_BYTES = 1 << 20;

    /** A hash that was sent; Redis answers how many of its fields are new. */
    private record Sent(String id, int fields, Response<Long> added) {}

    private final RowPart part;
    private final DirtySink dirty;
    private final UnifiedJedis redis;
    private final AttributeLoad load;
    private final RedisRowWriter.AttributeRow row;
    private final int batchSize;
    private final AtomicLong all;
    private final byte[][] names;
    private final long[] present;
    private long rows;

    AttributePart(
            RowPart part,
            DirtySink dirty,
            UnifiedJedis redis,
            AttributeLoad load,
            RedisRowWriter.AttributeRow row,
            int batchSize,
            AtomicLong all) {
        this.part = part;
        this.dirty = dirty;
        this.redis = redis;
        this.load = load;
        this.row = row;
        this.batchSize = batchSize;
        this.all = all;
        this.names =
                row.names.stream().map(n -> n.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        this.present = new long[names.length];
    }

    @Override
    public void write(VectorizedRowBatch batch) {
        for (int from = 0; from < batch.size; ) {
            int begin = from;
            from = RedisRowWriter.call(() -> send(batch, begin));
        }
    }

    /** Sends rows from {@code from} on, and returns the first that was not sent. */
    private int send(VectorizedRowBatch batch, int from) {
        load.renew();
        List<Sent> sent = new ArrayList<>();
        int at = from;
        try (AbstractPipeline pipeline = redis.pipelined()) {
            long bytes = 0;
            for (; at < batch.size && at - from < batchSize && bytes < MOST_BYTES; at++) {
                byte[] id = row.texts.get(row.id).utf8(batch.cols[row.id], at);
                if (id == null) {
                    nobody();
                    continue;
                }
                Map<byte[], byte[]> fields = new HashMap<>();
                bytes += fields(batch, at, fields);
                rows++;
                if (!fields.isEmpty()) {
                    String text = new String(id, StandardCharsets.UTF_8);
                    byte[] key =
                            RedisKeys.attributes(row.prefix, row.version, text).getBytes(StandardCharsets.UTF_8);
                    sent.add(new Sent(text, fields.size(), pipeline.hset(key, fields)));
                }
            }
            pipeline.sync();
        }
        sent.forEach(this::check);
        return at;
    }

    private void nobody() {
        String name = row.names.get(row.id);
        dirty.dirty(new DirtyRow(
                part.what() + ", behind row " + rows,
                name,
                name + "=NULL",
                name + " is NULL, so the row is nobody's; leave such rows out in the model"));
    }

    private long fields(VectorizedRowBatch batch, int at, Map<byte[], byte[]> fields) {
        long bytes = 0;
        present[row.id]++;
        for (int i = 0; i < names.length; i++) {
            byte[] value = i == row.id ? null : row.texts.get(i).utf8(batch.cols[i], at);
            if (value != null) {
                fields.put(names[i], value);
                bytes += names[i].length + value.length;
                present[i]++;
            }
        }
        return bytes;
    }

    private void check(Sent sent) {
        if (sent.added().get() != sent.fields()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    row.names.get(row.id) + " '" + sent.id() + "' is there twice (the second in " + part.what()
                            + "): each names one " + row.prefix + ". Make it unique in the model.");
        }
    }

    @Override
    public RowSums finish() {
        all.addAndGet(rows);
        List<RowSums.ColumnSum> sums = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            sums.add(new RowSums.ColumnSum(row.names.get(i), present[i], null));
        }
        return new RowSums(rows, sums);
    }

    @Override
    public void close() {
        // what was sent stays in a version that nobody reads unless the job is committed
    }
}
