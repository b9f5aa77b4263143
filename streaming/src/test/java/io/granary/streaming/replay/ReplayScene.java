package io.granary.streaming.replay;

import io.granary.streaming.KafkaFixture;
import io.granary.streaming.Sessions;
import io.granary.streaming.StreamRun;
import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.count.Records;
import io.granary.streaming.count.TestChunk;
import io.granary.streaming.query.DimensionVersions;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.store.CounterStore;
import io.granary.streaming.store.RedisFixture;
import io.granary.streaming.store.RedisRetry;
import io.granary.streaming.watch.StreamMetrics;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.log.LogRelation;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.redis.AsOf;
import io.granary.warehouse.redis.RedisKeys;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.types.StructType;

/** The streaming job of one log, with a real Kafka, Redis, Spark and ORC files as sealing publishes them. */
final class ReplayScene implements AutoCloseable {
    static final String QUERY = "traffic.access_log";
    private static final long CHUNKS_PER_BATCH = 8000;
    private static final StructType CHUNK = StructType.fromDDL("region STRING, site STRING, host STRING, file STRING,"
            + " start_offset BIGINT, end_offset BIGINT, first_line BIGINT, lines BIGINT, collected_at TIMESTAMP,"
            + " body BINARY, mark BIGINT, known ARRAY<STRUCT<start_offset: BIGINT, end_offset: BIGINT>>");
    private static final StructType SEALED =
            StructType.fromDDL("region STRING, host STRING, file STRING, start_offset BIGINT, end_offset BIGINT");

    final RedisFixture redis;
    final Checkpoint checkpoint;
    private final KafkaFixture kafka;
    private final SparkSession spark = Sessions.local("replay-test").getOrCreate();
    private final Path folder;
    private final SourceNode source;
    private final List<PublishedPartition> ods = new ArrayList<>();
    private final List<Row> sealed = new ArrayList<>();
    private final List<PublishedPartition> sealedAt = new ArrayList<>();
    private final Map<Integer, Long> sent = new TreeMap<>();
    private StreamQuery query = CountingFixture.query(QUERY);

    /** @param name of the topic, one a test */
    ReplayScene(KafkaFixture kafka, RedisFixture redis, Path folder, String name) throws Exception {
        this.kafka = kafka;
        this.redis = redis;
        this.folder = folder;
        SourceNode s = query.source();
        this.source = new SourceNode(
                s.id(),
                s.subject(),
                s.name(),
                s.type(),
                s.description(),
                s.table(),
                s.partition(),
                s.timeZone(),
                s.format(),
                s.eventTime(),
                name,
                s.inbox(),
                s.files(),
                s.columns(),
                s.connection(),
                s.sourceTable(),
                s.mode(),
                s.splitKey(),
                s.deadline(),
                s.read(),
                s.fetch(),
                s.poll());
        define(query.models().get(0).counters().toArray(ZonedCounter[]::new));
        redis.redis.flushAll();
        checkpoint = redis.checkpoint(folder.resolve("checkpoint"));
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, 4, (short) 1))).all().get();
        }
    }

    private Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", kafka.bootstrap()));
    }

    TopicPast past() {
        return new TopicPast(spark, kafka.bootstrap(), source.topic());
    }

    /** By partition, how many records it got. */
    Map<String, Long> sent() {
        Map<String, Long> next = new TreeMap<>();
        sent.forEach((partition, count) -> next.put(partition.toString(), count));
        return next;
    }

    /** The counter of the project. */
    ZonedCounter counter() {
        return CountingFixture.query(QUERY).models().get(0).counters().get(0);
    }

    /** What the project counts from the next start on. */
    void define(ZonedCounter... counters) {
        query = new StreamQuery(
                source, List.of(new CountedModel(query.models().get(0).model(), List.of(counters))));
    }

    void send(TestChunk... chunks) throws Exception {
        kafka.send(source.topic(), List.of(chunks));
        for (TestChunk chunk : chunks) {
            sent.merge(Math.floorMod(chunk.file().hashCode(), 4), 1L, Long::sum);
        }
    }

    /** As Kafka's retention does it: the first records of a file's partition are gone. */
    void deleteFirst(String file, long records) throws Exception {
        TopicPartition partition = new TopicPartition(source.topic(), Math.floorMod(file.hashCode(), 4));
        try (Admin admin = admin()) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(records)))
                    .all()
                    .get();
        }
    }

    /** As sealing does it: the good lines go to the ODS table, then the interval is told. */
    void seal(TestChunk chunk) {
        RunId run = RunId.next(Clock.systemUTC());
        Map<String, String> headers = chunk.headers();
        long start = Long.parseLong(headers.get("start"));
        long end = Long.parseLong(headers.get("end"));
        Row row = RowFactory.create(
                "local",
                chunk.site(),
                "h1",
                chunk.file(),
                start,
                end,
                Long.parseLong(headers.get("first_line")),
                1L,
                new java.sql.Timestamp(Long.parseLong(headers.get("collected_at"))),
                chunk.body(),
                null,
                null);
        spark.createDataFrame(List.of(row), CHUNK).createOrReplaceTempView("sealed_chunk");
        Dataset<Row> rows = spark.sql(LogRelation.rows(source, "sealed_chunk"))
                .where("reject_reason IS NULL AND NOT skipped")
                .drop("line", "reject_reason", "skipped")
                .withColumn("seal_id", functions.lit("seal"));
        Path table = folder.resolve("ods/ods_traffic_access_log_hi/v=" + run);
        rows.write().partitionBy("ds", "hh").orc(table.toUri().toString());
        rows.select("ds", "hh")
                .distinct()
                .collectAsList()
                .forEach(p -> ods.add(new PublishedPartition(
                        PartitionSpec.of("ds", p.getString(0), "hh", p.getString(1)),
                        table.toUri() + "/ds=" + p.getString(0) + "/hh=" + p.getString(1),
                        run)));
        sealed.add(RowFactory.create("local", "h1", chunk.file(), start, end));
        Path intervals = folder.resolve("ods/granary_log_sealed/v=" + run + "/source=" + QUERY);
        spark.createDataFrame(sealed, SEALED).write().orc(intervals.toUri().toString());
        sealedAt.clear();
        sealedAt.add(new PublishedPartition(
                PartitionSpec.of("source", QUERY), intervals.toUri().toString(), run));
    }

    private List<PublishedPartition> partitions(TableName table) {
        return List.copyOf(table.table().equals("granary_log_sealed") ? sealedAt : ods);
    }

    /** The job as it starts. */
    StreamingQuery start() throws Exception {
        return new StreamRun(
                        spark,
                        query,
                        Records.CHUNKS,
                        kafka.bootstrap(),
                        checkpoint.location(),
                        Duration.ofMillis(50),
                        CHUNKS_PER_BATCH)
                .start(
                        redis.nodes,
                        Duration.ofSeconds(20),
                        new StreamMetrics().query(QUERY),
                        new PublishedLog(spark, query.source(), this::partitions),
                        () -> {});
    }

    /** Starts, counts all that was sent, and stops. */
    void count() throws Exception {
        StreamingQuery running = start();
        try {
            await(running);
        } finally {
            running.stop();
        }
    }

    /** Waits until all that was sent is counted and readers are told so. */
    void await(StreamingQuery running) throws Exception {
        while (!isCounted()) {
            if (!running.isActive()) {
                throw new IllegalStateException(running.exception().get());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    AsOf asOf() {
        return AsOf.of(redis.redis.hgetAll(RedisKeys.asOf(QUERY)));
    }

    private boolean isCounted() {
        AsOf now = asOf();
        Map<Integer, Long> counted = new HashMap<>(now.offsets());
        counted.values().removeIf(next -> next == 0);
        return now.state().equals(AsOf.OK) && counted.equals(sent);
    }

    /** What the job does before its query starts, with somebody who watches. */
    void rebuild(RebuildStep.Observer observer) {
        Clock clock = Clock.systemUTC();
        CounterBook book = new Definitions(query, checkpoint).take(clock.instant());
        StreamQuery counted = Definitions.counted(query, book);
        CounterStore store =
                new CounterStore(QUERY, checkpoint, redis.nodes, new RedisRetry(Duration.ofSeconds(20)), clock);
        PublishedLog log = new PublishedLog(spark, source, this::partitions);
        Replay replay = new Replay(spark, counted, checkpoint, log, kafka.bootstrap(), DimensionVersions.NONE);
        new Rebuild(query, book, checkpoint, store, replay, clock, observer).start();
    }

    /** Numbers of measures in Redis. */
    Map<String, Long> numbers() {
        Map<String, Long> found = new TreeMap<>();
        for (String key : redis.redis.keys("g:{*}:c:*")) {
            redis.redis.hgetAll(key).forEach((field, value) -> {
                if (field.contains("#") && !field.endsWith("#")) {
                    found.put(key + " " + field, Long.parseLong(value));
                }
            });
        }
        return found;
    }

    @Override
    public void close() {
        for (StreamingQuery left : spark.streams().active()) {
            try {
                left.stop();
            } catch (java.util.concurrent.TimeoutException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
