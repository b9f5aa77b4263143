package io.granary.streaming.count;

import io.granary.streaming.query.DimensionVersions;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamedSql;
import io.granary.streaming.store.Delta;
import io.granary.streaming.topic.StreamRecord;
import io.granary.streaming.topic.TopicRecords;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.reflect.ClassTag$;

/**
 * From records, or from rows of the ODS table, to deltas: the models' SQL over them, and all counters of all models in one
 * job. A model's plan is made once and serves all batches.
 */
public final class CounterRows {
    private final SparkSession spark;
    private final StreamQuery query;
    private final Records input;
    private final String prefix;
    private final Map<Integer, List<RDD<InternalRow>>> plans = new HashMap<>();
    private final JoinedDimensions joined;
    private List<CounterPlan> counters;

    /** Of a query that joins nothing. */
    public CounterRows(SparkSession spark, StreamQuery query, Records input) {
        this(spark, query, input, DimensionVersions.NONE);
    }

    public CounterRows(SparkSession spark, StreamQuery query, Records input, DimensionVersions published) {
        this.joined = new JoinedDimensions(spark, query, published);
        this.spark = spark;
        this.query = query;
        this.input = input;
        this.prefix = "granary_" + query.name().replace('.', '_');
    }

    /**
     * Analyzes every model and counter without reading a line.
     *
     * @throws GranaryException when one of them does not fit the others
     */
    public void check() {
        joined.refresh(Instant.now());
        plans(1);
    }

    /** By table, the version that rows are joined to. */
    public Map<String, String> dimensions() {
        return joined.versions();
    }

    /** Counts the records of a batch: {@code partition INT, offset BIGINT, value BINARY}. */
    CountedBatch count(Dataset<Row> records, Known known, Instant now) {
        if (joined.refresh(now)) {
            plans.clear();
        }
        RDD<StreamRecord> rows = TopicRecords.of(records);
        List<RDD<InternalRow>> models = plans(rows.getNumPartitions());
        Broadcast<Known> shared = spark.sparkContext().broadcast(known, ClassTag$.MODULE$.apply(Known.class));
        try {
            StreamRdd.Work work = new StreamRdd.Work(
                    input, shared, counters.stream().map(CounterPlan::tally).toList(), micros(now));
            return merged(results(new StreamRdd(rows, models, work)), now);
        } finally {
            shared.destroy();
        }
    }

    /**
     * What rows of the ODS table give.
     *
     * @param rows with the columns of the source's ODS table, {@code ds} among them
     * @param now what is late or too far ahead is so at this time
     */
    public List<Delta> deltas(Dataset<Row> rows, Instant now) {
        if (joined.refresh(now)) {
            plans.clear();
        }
        rows.createOrReplaceTempView(prefix + "_ods");
        List<Delta> deltas = new ArrayList<>();
        for (int i = 0; i < query.models().size(); i++) {
            Dataset<Row> model = model(query.models().get(i));
            CounterPlan plan = CounterPlan.of(query.models().get(i), model.schema());
            RDD<InternalRow> tallied = tallied(model, plan, 0, query.models().get(i))
                    .queryExecution()
                    .toRdd();
            List<TaskResult> results = results(new DrainRdd(tallied, List.of(plan.tally()), micros(now)));
            deltas.addAll(merged(results, List.of(plan), now).deltas());
        }
        return deltas;
    }

    private static List<TaskResult> results(RDD<TaskResult> counting) {
        return counting.toJavaRDD().collect();
    }

    private CountedBatch merged(List<TaskResult> results, Instant now) {
        return merged(results, counters, now);
    }

    private static CountedBatch merged(List<TaskResult> results, List<CounterPlan> counters, Instant now) {
        RecordFacts facts = new RecordFacts();
        long lines = 0;
        long rejected = 0;
        for (TaskResult result : results) {
            facts.merge(result.facts());
            lines += result.lines();
            rejected += result.rejected();
        }
        List<Delta> deltas = new ArrayList<>();
        Map<String, Map<String, Long>> uncounted = new TreeMap<>();
        for (int model = 0; model < counters.size(); model++) {
            CounterPlan plan = counters.get(model);
            GroupCounts[] groups = sum(plan, model, results);
            for (CounterPlan.Place place : plan.counters()) {
                WindowedCounts windows = new WindowedCounts(
                        place, plan.tally().groups().get(place.group()), groups[place.group()], now.getEpochSecond());
                windows.addTo(deltas);
                if (!windows.uncounted().isEmpty()) {
                    uncounted.put(place.counter().node().qualifiedName(), windows.uncounted());
                }
            }
        }
        BatchLines chunks =
                new BatchLines(results.stream().map(r -> r.facts().chunks()).toList());
        return new CountedBatch(deltas, facts, chunks, lines, rejected + facts.oversizeCount(), uncounted);
    }

    private static GroupCounts[] sum(CounterPlan plan, int model, List<TaskResult> results) {
        GroupCounts[] sums =
                plan.tally().groups().stream().map(GroupCounts::new).toArray(GroupCounts[]::new);
        for (TaskResult result : results) {
            for (int i = 0; i < sums.length; i++) {
                sums[i].merge(result.counts().get(model)[i]);
            }
        }
        return sums;
    }

    private List<RDD<InternalRow>> plans(int partitions) {
        List<RDD<InternalRow>> known = plans.get(partitions);
        if (known != null) {
            return known;
        }
        Dataset<Row> fed =
                spark.internalCreateDataFrame(new FeedRdd(spark.sparkContext(), partitions), input.schema(), false);
        String feed = prefix + "_feed";
        fed.createOrReplaceTempView(feed);
        List<CounterPlan> found = new ArrayList<>();
        List<RDD<InternalRow>> made = new ArrayList<>();
        for (CountedModel model : query.models()) {
            lines(feed, made.isEmpty()).createOrReplaceTempView(prefix + "_ods");
            Dataset<Row> rows = model(model);
            CounterPlan plan = CounterPlan.of(model, rows.schema());
            found.add(plan);
            made.add(tallied(rows, plan, made.size(), model).queryExecution().toRdd());
        }
        counters = found;
        plans.put(partitions, made);
        return made;
    }

    /** What the ODS table will hold of the fed rows; the seal is not known yet. One model's plan counts the lines. */
    private Dataset<Row> lines(String feed, boolean isJudge) {
        Dataset<Row> lines = spark.sql(input.lines(query.source(), feed));
        Column isGood = lines.col("reject_reason").isNull();
        Column isSkipped = lines.col("skipped");
        Column isEvent = isJudge
                ? new Column(new JudgeLines(CountingExpression.seq(List.of(isGood.expr(), isSkipped.expr()))))
                : isGood.and(functions.not(isSkipped));
        return lines.where(isEvent)
                .drop("line", "reject_reason", "skipped")
                .withColumn("seal_id", functions.lit(null).cast(DataTypes.StringType));
    }

    private Dataset<Row> model(CountedModel model) {
        try {
            return spark.sql(StreamedSql.over(model.model(), query.source().table(), prefix + "_ods", joined.views()));
        } catch (Exception e) {
            throw refused(
                    "model " + model.model().name() + " cannot run over the stream ("
                            + model.model().file() + ")",
                    e);
        }
    }

    /** The model's rows in a plan that yields none of them: they are counted where they are made. */
    private static Dataset<Row> tallied(Dataset<Row> model, CounterPlan plan, int number, CountedModel counted) {
        List<Column> slots = new ArrayList<>();
        try {
            for (int i = 0; i < plan.slots().size(); i++) {
                slots.add(functions.expr(plan.slots().get(i)).as("slot_" + i));
            }
            Dataset<Row> rows = model.select(slots.toArray(new Column[0]));
            StructType schema = rows.schema();
            List<Expression> values = new ArrayList<>();
            for (String name : schema.fieldNames()) {
                values.add(rows.col(name).expr());
            }
            return rows.where(new Column(new TallyRows(number, CountingExpression.seq(values))));
        } catch (Exception e) {
            List<String> names = counted.counters().stream()
                    .map(c -> c.node().qualifiedName())
                    .toList();
            List<String> declared = counted.counters().stream()
                    .map(c -> StreamQuery.file(c.node()))
                    .toList();
            throw refused(
                    "counters " + String.join(", ", names) + " do not fit "
                            + counted.model().table() + " (" + String.join(", ", declared) + ")",
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

    private static long micros(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1000);
    }
}
