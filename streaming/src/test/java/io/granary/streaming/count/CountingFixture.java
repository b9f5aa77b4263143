package io.granary.streaming.count;

import io.granary.streaming.Sessions;
import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.store.CounterStore;
import io.granary.streaming.store.RedisFixture;
import io.granary.streaming.store.RedisRetry;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** A real Redis and a Spark session; batches are fed from memory instead of Kafka. */
public final class CountingFixture implements AutoCloseable {
    public static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");
    private static final StructType RECORD = new StructType()
            .add("partition", DataTypes.IntegerType)
            .add("offset", DataTypes.LongType)
            .add("value", DataTypes.BinaryType);

    public final SparkSession spark;
    public final RedisFixture server = new RedisFixture();
    final RedisClient redis = server.redis;
    BatchReport last;
    Instant now = NOW;
    private final Map<Integer, Long> nextOffsets = new TreeMap<>();

    public CountingFixture() throws IOException {
        this(Sessions.local("streaming-test").getOrCreate());
    }

    private CountingFixture(SparkSession spark) throws IOException {
        this.spark = spark;
    }

    /** For tests with many different queries over few rows: those are sooner interpreted than compiled. */
    public static CountingFixture interpreting() throws IOException {
        SparkSession own = Sessions.local("streaming-test").getOrCreate().newSession();
        own.conf().set("spark.sql.codegen.wholeStage", false);
        own.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
        return new CountingFixture(own);
    }

    public static Manifest manifest() {
        return Manifest.fromJson(text(), "manifest.json");
    }

    public static String text() {
        try (InputStream in = CountingFixture.class.getResourceAsStream("manifest.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public static StreamQuery query(String source) {
        return StreamQuery.of(manifest()).stream()
                .filter(q -> q.name().equals(source))
                .findFirst()
                .orElseThrow();
    }

    public void reset() {
        redis.flushAll();
        nextOffsets.clear();
    }

    public Checkpoint checkpoint(Path folder) {
        return server.checkpoint(folder);
    }

    public CounterStore store(String query, Checkpoint checkpoint) {
        return new CounterStore(
                query, checkpoint, server.nodes, new RedisRetry(Duration.ZERO), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /** A job as it starts: nothing but checkpoint and Redis is known to it. */
    public CounterBatch started(StreamQuery query, Path folder, int sliceSize, BatchStep.Observer observer) {
        return started(query, folder, new CounterRows(spark, query, Records.CHUNKS), sliceSize, observer);
    }

    public CounterBatch started(StreamQuery query, Path folder, CounterRows rows) {
        return started(query, folder, rows, 1000, BatchStep.Observer.NONE);
    }

    private CounterBatch started(
            StreamQuery query, Path folder, CounterRows rows, int sliceSize, BatchStep.Observer observer) {
        Checkpoint checkpoint = checkpoint(folder);
        CounterStore store = store(query.name(), checkpoint);
        store.claim(query.counterNames());
        InstantSource time = () -> now;
        return new CounterBatch(
                query,
                rows,
                checkpoint,
                store,
                time.withZone(ZoneOffset.UTC),
                sliceSize,
                observer,
                report -> last = report);
    }

    /** Puts chunks into the topic; a file stays in one partition. */
    public List<Row> records(List<TestChunk> chunks) {
        List<Row> records = new ArrayList<>();
        for (TestChunk chunk : chunks) {
            int partition = Math.floorMod(chunk.file().hashCode(), 4);
            long offset = nextOffsets.merge(partition, 1L, Long::sum) - 1;
            records.add(chunk.record(partition, offset));
        }
        return records;
    }

    public void run(CounterBatch batch, long id, List<Row> records) {
        run(batch, id, records, 3);
    }

    /** @param tasks among which the records are shuffled */
    public void run(CounterBatch batch, long id, List<Row> records, int tasks) {
        batch.run(frame(records).repartition(tasks), id);
    }

    public Dataset<Row> frame(List<Row> records) {
        return spark.createDataFrame(records, RECORD);
    }

    /** All counters in Redis: {@code key field} to number, {@code key} to the size of a set. */
    public Map<String, Long> counted() {
        return counted(redis);
    }

    /** The same of any Redis. */
    public static Map<String, Long> counted(UnifiedJedis redis) {
        Map<String, Long> found = new TreeMap<>();
        for (String key : redis.keys("g:{*}:c:*")) {
            redis.hgetAll(key).forEach((field, value) -> found.put(key + " " + field, Long.parseLong(value)));
            found.remove(key + " " + RedisKeys.COMBINATIONS);
        }
        for (String key : redis.keys("g:{*}:u:*")) {
            found.put(key, redis.scard(key));
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
