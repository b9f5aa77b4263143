package io.granary.streaming.count;

import io.granary.streaming.query.CounterSql;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.query.StreamedSql;
import io.granary.streaming.store.Delta;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.log.LogRelation;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/** From marked chunks to deltas: the ODS relation, the models' SQL on it, the counters on that. */
public final class CounterRows {
    /** What was sealed says nothing here: a mark tells what was counted. */
    private static final Column NOTHING_KNOWN =
            functions.lit(null).cast("array<struct<start_offset: bigint, end_offset: bigint>>");

    private final StreamQuery query;
    private final String prefix;
    private final String view;

    public CounterRows(StreamQuery query) {
        this.query = query;
        this.prefix = "granary_" + query.name().replace('.', '_');
        this.view = prefix + "_ods";
    }

    /**
     * Analyzes every model and counter without reading a line.
     *
     * @throws GranaryException when one of them does not fit the others
     */
    public void check(Dataset<Row> markedChunks) {
        Dataset<Row> ods = ods(markedChunks);
        ods.createOrReplaceTempView(view);
        for (CountedModel model : query.models()) {
            for (ZonedCounter counter : model.counters()) {
                checkSums(counter.node(), aggregated(ods.sparkSession(), model, counter));
            }
        }
    }

    /** All deltas of a batch; their number is bounded by the lines of the batch. */
    public List<Delta> deltas(Dataset<Row> markedChunks) {
        Dataset<Row> ods = ods(markedChunks);
        boolean isReadAgain = query.counters() > 1;
        if (isReadAgain) {
            ods = ods.persist(StorageLevel.MEMORY_AND_DISK());
        }
        try {
            ods.createOrReplaceTempView(view);
            List<Delta> deltas = new ArrayList<>();
            for (CountedModel model : query.models()) {
                for (ZonedCounter counter : model.counters()) {
                    for (Row row :
                            aggregated(ods.sparkSession(), model, counter).collectAsList()) {
                        add(deltas, counter.node(), row);
                    }
                }
            }
            deltas.sort(Delta.ORDER);
            return deltas;
        } finally {
            if (isReadAgain) {
                ods.unpersist();
            }
        }
    }

    /** What the ODS table will hold of these chunks; the seal is not known yet. */
    private Dataset<Row> ods(Dataset<Row> markedChunks) {
        SparkSession spark = markedChunks.sparkSession();
        String chunks = prefix + "_chunks";
        markedChunks.withColumn("known", NOTHING_KNOWN).createOrReplaceTempView(chunks);
        return spark.sql(LogRelation.rows(query.source(), chunks))
                .where("reject_reason IS NULL AND NOT skipped")
                .drop("line", "reject_reason", "skipped")
                .withColumn("seal_id", functions.lit(null).cast(DataTypes.StringType));
    }

    private Dataset<Row> aggregated(SparkSession spark, CountedModel model, ZonedCounter counter) {
        String rows = prefix + "_" + model.model().name();
        try {
            spark.sql(StreamedSql.over(model.model(), query.source().table(), view))
                    .createOrReplaceTempView(rows);
        } catch (Exception e) {
            throw refused("model " + model.model().name() + " cannot run over the stream", e);
        }
        try {
            return spark.sql(CounterSql.of(counter, rows));
        } catch (Exception e) {
            throw refused(
                    "counter " + counter.node().qualifiedName() + " does not fit "
                            + counter.node().from(),
                    e);
        }
    }

    /** Analysis errors become ours; Spark throws them unchecked from Java's point of view. */
    private static RuntimeException refused(String what, Exception e) {
        if (e instanceof AnalysisException) {
            return new GranaryException(ErrorCode.DEFINITION, what + ": " + e.getMessage(), e);
        }
        return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
    }

    private static void checkSums(CounterNode counter, Dataset<Row> aggregated) {
        for (int i = 0; i < counter.measures().size(); i++) {
            MeasureNode measure = counter.measures().get(i);
            var type = aggregated.schema().apply("m_" + i).dataType();
            if (measure.type().equals("sum") && !type.equals(DataTypes.LongType)) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "counter " + counter.qualifiedName() + ": measure " + measure.name() + " sums "
                                + measure.column() + ", whose sum is " + type.simpleString() + "; Redis adds whole"
                                + " numbers only. Give the model a column in the smallest unit, such as cents.");
            }
        }
    }

    private static void add(List<Delta> deltas, CounterNode counter, Row row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < counter.by().size(); i++) {
            values.add(row.getAs("by_" + i));
        }
        String by = RedisKeys.encodeBy(values);
        String name = counter.qualifiedName();
        int shard = RedisKeys.shard(name, by);
        String window = row.getAs("win");
        long bucket = row.getAs("bucket");
        long ttl = counter.ttl().getOrDefault(window, Duration.ZERO).toSeconds();
        for (int i = 0; i < counter.measures().size(); i++) {
            MeasureNode measure = counter.measures().get(i);
            if (measure.type().equals("distinct")) {
                String key = RedisKeys.members(shard, name, window, bucket, measure.name(), by);
                List<String> members = row.getList(row.fieldIndex("m_" + i));
                members.forEach(m -> deltas.add(Delta.member(shard, key, m, ttl)));
            } else {
                Long amount = row.getAs("m_" + i);
                if (amount != null && amount != 0) {
                    String key = RedisKeys.values(shard, name, window, bucket);
                    deltas.add(Delta.add(shard, key, RedisKeys.field(by, measure.name()), amount, ttl));
                }
            }
        }
    }
}
