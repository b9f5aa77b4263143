package io.granary.ingestion.sync.redis;

import io.granary.ingestion.sync.job.RedisWriter;
import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.orc.TypeDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Writes rows as attributes, a hash a row, into a version that nobody reads before the commit (docs/contracts.md, section
 * 9). A NULL is an absent field; a row whose attributes are all NULL leaves no key.
 */
public final class RedisRowWriter implements RowWriter {
    private static final Logger LOG = LoggerFactory.getLogger(RedisRowWriter.class);

    private final UnifiedJedis redis;
    private final AttributeLoad load;
    private final AttributeRow row;
    private final int batchSize;
    private final AtomicLong rows = new AtomicLong();
    private boolean committed;

    /**
     * Begins a version.
     *
     * @param redis closed with this writer
     * @param schema of the rows; its column {@code id} names a row, the others are attributes
     * @param label what is written; see {@link io.granary.warehouse.redis.AttributeVersion}
     * @param batchSize rows sent at a time
     */
    public RedisRowWriter(
            UnifiedJedis redis,
            String prefix,
            String id,
            TypeDescription schema,
            String label,
            int batchSize,
            AttributeTimes times,
            Clock clock) {
        this.redis = redis;
        this.batchSize = batchSize;
        this.load = call(() -> AttributeLoad.begin(redis, prefix, label, times, clock));
        this.row = new AttributeRow(prefix, load.version(), id, schema);
    }

    /**
     * Begins the version that a job writes.
     *
     * @param rows schema of the reader's rows, by position the job's columns
     */
    public static RedisRowWriter open(RedisWriter to, Profile profile, TypeDescription rows) {
        if (rows.getChildren().size() != to.column().size()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "rediswriter has " + to.column().size() + " columns, its reader "
                            + rows.getChildren().size());
        }
        TypeDescription named = TypeDescription.createStruct();
        for (int i = 0; i < to.column().size(); i++) {
            named.addField(to.column().get(i), rows.getChildren().get(i).clone());
        }
        UnifiedJedis redis = RedisAddress.open(to, profile);
        try {
            return new RedisRowWriter(
                    redis,
                    to.name(),
                    to.id(),
                    named,
                    to.version(),
                    to.batchSize(),
                    AttributeTimes.DEFAULT,
                    Clock.systemUTC());
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    /** Removes what nobody reads any more, where a load died before it had done so. */
    public static void tidy(UnifiedJedis redis, String prefix) {
        AttributeLoad.tidy(redis, prefix, AttributeTimes.DEFAULT, Clock.systemUTC());
    }

    @Override
    public Part open(RowPart part, DirtySink dirty) {
        return new AttributePart(part, dirty, redis, load, row, batchSize, rows);
    }

    @Override
    public void commit() {
        call(() -> load.complete(rows.get()));
        committed = true;
    }

    /** What nobody reads any more goes; when that cannot be told to Redis, the next load does it. */
    @Override
    public void close() {
        try (redis) {
            if (!committed) {
                load.abandon();
            }
            load.sweep();
            load.release();
        } catch (JedisException e) {
            LOG.warn("Old attributes stay in Redis until the next load: {}", e.getMessage());
        }
    }

    static <T> T call(Supplier<T> work) {
        try {
            return work.get();
        } catch (JedisException e) {
            throw unreachable(e);
        }
    }

    private static GranaryException unreachable(JedisException e) {
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "Redis: " + e.getMessage() + ". See `granary status`, or the value of `redis` in the profile.",
                e);
    }

    /** How a row becomes a hash. */
    static final class AttributeRow {
        final String prefix;
        final long version;
        final int id;
        final List<String> names;
        final List<AttributeText> texts = new ArrayList<>();

        AttributeRow(String prefix, long version, String id, TypeDescription schema) {
            this.prefix = prefix;
            this.version = version;
            this.names = schema.getFieldNames();
            this.id = names.indexOf(id);
            if (this.id < 0) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, "rediswriter: id '" + id + "' is not among the columns " + names);
            }
            for (int i = 0; i < names.size(); i++) {
                texts.add(new AttributeText(names.get(i), schema.getChildren().get(i)));
            }
        }
    }
}
