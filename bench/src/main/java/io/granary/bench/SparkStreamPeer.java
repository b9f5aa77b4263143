package io.granary.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/**
 * The benchmark's job as one writes it with Spark alone: {@code from_json}, a broadcast join, a count by window, and {@code
 * foreachBatch} that adds to Redis in one pipeline (at least once: nothing keeps a repeated batch from adding again).
 */
public final class SparkStreamPeer implements Consumer<Properties> {
    private static final String RECORD = """
            {"type": "record", "name": "AvroFlumeEvent", "fields": [
              {"name": "headers", "type": {"type": "map", "values": "string"}}, {"name": "body", "type": "bytes"}]}""";
    private static final String OF_EVENTS = "SELECT CAST(value AS STRING) AS line FROM records";
    private static final String OF_CHUNKS = """
            SELECT explode(split(CAST(record.body AS STRING), '\\n')) AS line FROM records""";
    private static final String COUNTS = """
            SELECT c.campaign_id, unix_timestamp(window(e.event_time, '10 seconds').start) AS second, count(*) AS views
            FROM (
                SELECT j.ad_id, j.event_type, j.event_time
                FROM (
                    SELECT from_json(line, 'user_id STRING, page_id STRING, ad_id STRING, ad_type STRING,
                        event_type STRING, event_time TIMESTAMP, ip_address STRING') AS j
                    FROM (%s)
                )
            ) AS e
            JOIN campaigns AS c ON e.ad_id = c.ad_id
            WHERE e.event_type = 'view'
            GROUP BY c.campaign_id, window(e.event_time, '10 seconds')""";

    private SparkSession spark;

    @Override
    public void accept(Properties task) {
        try {
            if (spark == null) {
                spark = session(task);
            }
            count(task);
        } catch (IOException | TimeoutException | StreamingQueryException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SparkSession session(Properties task) throws IOException {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .appName("plain")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.catalogImplementation", "in-memory")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.adaptive.enabled", "false")
                .getOrCreate();
        List<Row> ads = Files.readAllLines(Path.of(task.getProperty("ads"))).stream()
                .map(line -> RowFactory.create((Object[]) line.split(",")))
                .toList();
        StructType columns =
                new StructType().add("ad_id", DataTypes.StringType).add("campaign_id", DataTypes.StringType);
        spark.createDataFrame(ads, columns).createOrReplaceTempView("campaigns");
        return spark;
    }

    private void count(Properties task) throws TimeoutException, StreamingQueryException {
        boolean ofChunks = task.getProperty("input").equals("chunks");
        String sql = COUNTS.formatted(ofChunks ? OF_CHUNKS : OF_EVENTS);
        try (Jedis redis = new Jedis(URI.create(task.getProperty("redis")))) {
            spark.readStream()
                    .format("kafka")
                    .option("kafka.bootstrap.servers", task.getProperty("kafka"))
                    .option("subscribe", task.getProperty("topic"))
                    .option("startingOffsets", "earliest")
                    .option("maxOffsetsPerTrigger", task.getProperty("records"))
                    .option("kafka.max.partition.fetch.bytes", "4194304")
                    .option("kafka.fetch.max.bytes", "33554432")
                    .option("kafka.max.poll.records", "5000")
                    .load()
                    .select("value")
                    .writeStream()
                    .trigger(Trigger.AvailableNow())
                    .option("checkpointLocation", task.getProperty("folder"))
                    .foreachBatch((VoidFunction2<Dataset<Row>, Long>) (records, batch) -> {
                        Dataset<Row> of = ofChunks
                                ? records.select(org.apache
                                        .spark
                                        .sql
                                        .avro
                                        .functions
                                        .from_avro(records.col("value"), RECORD)
                                        .as("record"))
                                : records;
                        of.createOrReplaceTempView("records");
                        write(of.sparkSession().sql(sql).collectAsList(), redis);
                    })
                    .start()
                    .awaitTermination();
        }
    }

    private static void write(List<Row> counts, Jedis redis) {
        Pipeline pipeline = redis.pipelined();
        for (Row row : counts) {
            pipeline.hincrBy("ysb:" + row.getString(0), Long.toString(row.getLong(1)), row.getLong(2));
        }
        pipeline.sync();
    }
}
