package io.granary.streaming.reconcile;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.BatchStep;
import io.granary.streaming.count.CounterBatch;
import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.count.TestChunk;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.store.RedisRetry;
import io.granary.streaming.verbs.PipelinedReads;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.log.LogRelation;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** A day that the stream counts into a real Redis, and that Spark SQL seals and builds as real tables. */
final class DayScene {
    static final LocalDate DS = LocalDate.parse("2026-11-02");
    private static final StructType CHUNK = StructType.fromDDL(
            "region STRING, site STRING, host STRING, file STRING, start_offset BIGINT, first_line BIGINT, body BINARY");

    final CountingFixture fixture;
    final StreamQuery query;
    final Path checkpoint;
    private final SparkSession spark;
    private final SourceNode source;
    final ModelNode model;
    private long batch;

    DayScene(CountingFixture fixture, Path folder, CounterNode... counters) {
        this.fixture = fixture;
        this.spark = fixture.spark;
        this.checkpoint = folder.resolve("checkpoint");
        StreamQuery known = CountingFixture.query("traffic.access_log");
        this.source = known.source();
        this.model = known.models().get(0).model();
        ZoneId zone = ZoneId.of(source.timeZone());
        this.query = new StreamQuery(
                source,
                List.of(new CountedModel(
                        model,
                        List.of(counters).stream()
                                .map(c -> new ZonedCounter(c, zone))
                                .toList())));
        fixture.reset();
        for (String database : List.of("ods", "dwd", "ads")) {
            spark.sql("DROP DATABASE IF EXISTS " + database + " CASCADE");
            spark.sql("CREATE DATABASE " + database + " LOCATION '"
                    + folder.resolve(database).toUri() + "'");
        }
    }

    void streams(TestChunk... chunks) {
        CounterBatch job = fixture.started(query, checkpoint, 1000, BatchStep.Observer.NONE);
        fixture.run(job, batch++, fixture.records(List.of(chunks)));
    }

    /** Lines that parse become rows of the ODS table. */
    void seals(String sealId, TestChunk... chunks) {
        List<Row> rows = new ArrayList<>();
        for (TestChunk chunk : chunks) {
            Map<String, String> of = chunk.headers();
            rows.add(RowFactory.create(
                    of.get("region"),
                    of.get("site"),
                    of.get("host"),
                    of.get("file"),
                    Long.parseLong(of.get("start")),
                    Long.parseLong(of.get("first_line")),
                    chunk.body()));
        }
        spark.createDataFrame(rows, CHUNK).createOrReplaceTempView("chunks");
        String relation = "(SELECT *, TIMESTAMP'2026-11-02 00:00:00' AS collected_at, CAST(NULL AS BIGINT) AS mark,"
                + " CAST(NULL AS ARRAY<STRUCT<start_offset: BIGINT, end_offset: BIGINT>>) AS known FROM chunks)";
        Dataset<Row> lines = spark.sql("SELECT *, '" + sealId + "' AS seal_id FROM ("
                        + LogRelation.linesOf(source, relation) + ") WHERE reject_reason IS NULL AND NOT skipped")
                .drop("line", "reject_reason", "skipped");
        lines.write().format("orc").mode("append").saveAsTable(source.table());
    }

    /** Makes the model's table of what is sealed now, by its SQL. */
    void builds(String sql) {
        spark.sql("DROP TABLE IF EXISTS " + model.table());
        for (LocalDate ds : List.of(DS.minusDays(1), DS)) {
            spark.sql(sql, Map.<String, Object>of("ds", ds.toString()))
                    .selectExpr("*", "'" + ds + "' AS ds")
                    .write()
                    .format("orc")
                    .mode("append")
                    .saveAsTable(model.table());
        }
    }

    SqlSession sql() {
        return new SparkSql(spark);
    }

    Reconciliation reconciliation() {
        Checkpoint ours = fixture.checkpoint(checkpoint);
        StreamMarks marks = new StreamMarks() {
            @Override
            public Marks complete() {
                return stored();
            }

            @Override
            public Marks stored() {
                return ours.marks(ours.newest()).orElse(Marks.NONE);
            }
        };
        return new Reconciliation(sql(), new PipelinedReads(fixture.server.redis), source, model, marks);
    }

    private CounterDay day(int counter) {
        return new CounterDay(query.models().get(0).counters().get(counter), DS, CountingFixture.NOW);
    }

    Comparison compared(int counter) {
        return reconciliation().compare(day(counter));
    }

    Comparison corrected(int counter) {
        return new Repair(query.name(), fixture.server.nodes, new RedisRetry(Duration.ZERO), Clock.systemUTC())
                .run(reconciliation(), () -> compared(counter));
    }

    /** What differs of a measure in a window. */
    static Optional<Difference> difference(Comparison found, String window, String measure) {
        return found.differences().stream()
                .filter(d ->
                        d.cell().window().equals(window) && d.cell().measure().equals(measure))
                .findFirst();
    }

    /** The session's own engine, without a server between. */
    private record SparkSql(SparkSession spark) implements SqlSession {
        @Override
        public void execute(String sql) {
            spark.sql(sql);
        }

        @Override
        public Rows query(String sql) {
            Dataset<Row> rows = spark.sql(sql);
            List<List<Object>> cells = new ArrayList<>();
            for (Row row : rows.collectAsList()) {
                List<Object> of = new ArrayList<>();
                for (int i = 0; i < row.size(); i++) {
                    of.add(row.get(i));
                }
                cells.add(of);
            }
            return new Rows(List.of(rows.columns()), cells);
        }

        @Override
        public void cancel() {
            spark.sparkContext().cancelAllJobs();
        }

        @Override
        public void close() {}
    }
}
