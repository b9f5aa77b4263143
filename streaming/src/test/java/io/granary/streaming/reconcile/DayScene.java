package io.granary.streaming.reconcile;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.CounterBatch;
import io.granary.streaming.count.CounterRows;
import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.count.Records;
import io.granary.streaming.count.TestChunk;
import io.granary.streaming.query.DimensionVersions;
import io.granary.streaming.query.DimensionVersions.Version;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.replay.CountedRecords;
import io.granary.streaming.replay.CounterBook;
import io.granary.streaming.replay.CounterPast;
import io.granary.streaming.replay.Definitions;
import io.granary.streaming.store.RedisRetry;
import io.granary.streaming.verbs.PipelinedReads;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.log.LogRelation;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.TopNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** A day that the stream counts into a real Redis, and that Spark SQL seals and builds as real tables. */
final class DayScene {
    static final LocalDate DS = LocalDate.parse("2026-11-02");
    static final Instant MIDNIGHT = Instant.parse("2026-11-01T16:00:00Z");
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Map<String, Duration> TTL = Map.of(
            "5m", Duration.ofDays(36500),
            "1h", Duration.ofDays(36500),
            "1d", Duration.ofDays(36500));
    private static final StructType SEALED = StructType.fromDDL(
            "region STRING, host STRING, file STRING, start_offset BIGINT, end_offset BIGINT, source STRING");
    private static final StructType CHUNK = StructType.fromDDL(
            "region STRING, site STRING, host STRING, file STRING, start_offset BIGINT, first_line BIGINT, body BINARY");

    final CountingFixture fixture;
    final StreamQuery query;
    final Path checkpoint;
    private final SparkSession spark;
    private final SourceNode source;
    final ModelNode model;
    private final List<Row> topic = new ArrayList<>();
    private final Map<String, PublishedPartition> dimensions = new HashMap<>();
    private final Path folder;
    private StreamQuery counted;
    private long batch;

    DayScene(CountingFixture fixture, Path folder, CounterNode... counters) {
        this(fixture, folder, CountingFixture.text(), counters);
    }

    /** @param manifest as JSON */
    DayScene(CountingFixture fixture, Path folder, String manifest, CounterNode... counters) {
        this.fixture = fixture;
        this.folder = folder;
        this.spark = fixture.spark;
        this.checkpoint = folder.resolve("checkpoint/traffic.access_log");
        Manifest known = Manifest.fromJson(manifest, "manifest.json");
        this.source = known.source("traffic.access_log").orElseThrow();
        this.model = known.model("dwd.dwd_traffic_hit_di").orElseThrow();
        ZoneId zone = ZoneId.of(source.timeZone());
        this.query = new StreamQuery(
                source,
                List.of(new CountedModel(
                        model,
                        List.of(counters).stream()
                                .map(c -> new ZonedCounter(c, zone))
                                .toList())));
        counted = query;
        fixture.reset();
        for (String database : List.of("ods", "dim", "dwd", "ads")) {
            spark.sql("DROP DATABASE IF EXISTS " + database + " CASCADE");
            spark.sql("CREATE DATABASE " + database + " LOCATION '"
                    + folder.resolve(database).toUri() + "'");
        }
    }

    void streams(TestChunk... chunks) {
        CounterRows rows = new CounterRows(spark, counted, Records.CHUNKS, this::newest);
        CounterBatch job = fixture.started(counted, checkpoint, rows);
        List<Row> records = fixture.records(List.of(chunks));
        topic.addAll(records);
        fixture.run(job, batch++, records);
    }

    private Optional<Version> newest(String table, LocalDate day) {
        return Optional.ofNullable(dimensions.get(table))
                .map(p -> new Version(p.spec().values().get(0), p.run().toString(), p.location()));
    }

    /** Publishes the only day of {@code dim.dim_site_df}, in place of the version before. */
    void publishes(String run, String rows) {
        String day = DS.minusDays(1).toString();
        String location = folder.resolve("dim/v=" + run + "/ds=" + day).toUri().toString();
        spark.sql("SELECT * FROM VALUES " + rows + " AS v(site, owner)").write().orc(location);
        dimensions.put(
                "dim.dim_site_df", new PublishedPartition(PartitionSpec.of("ds", day), location, new RunId(run)));
        spark.sql("DROP TABLE IF EXISTS dim.dim_site_df");
        spark.sql("CREATE TABLE dim.dim_site_df USING orc AS SELECT site, owner, ds FROM VALUES " + rows
                + " AS v(site, owner) LATERAL VIEW EXPLODE(ARRAY('" + day + "', '" + DS + "')) AS ds");
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
        List<Row> sealed = new ArrayList<>();
        for (TestChunk chunk : chunks) {
            Map<String, String> of = chunk.headers();
            sealed.add(RowFactory.create(
                    of.get("region"),
                    of.get("host"),
                    of.get("file"),
                    Long.parseLong(of.get("start")),
                    Long.parseLong(of.get("end")),
                    source.qualifiedName()));
        }
        spark.createDataFrame(sealed, SEALED)
                .selectExpr("*", "TIMESTAMP'2026-11-02 00:00:00' AS collected_at")
                .write()
                .format("orc")
                .mode("append")
                .saveAsTable("ods.granary_log_sealed");
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

    private Checkpoint ours() {
        return fixture.checkpoint(checkpoint);
    }

    /** As the streaming job does at its start: these counters are defined, new ones begin. */
    CounterBook begins(int... counters) {
        List<ZonedCounter> defined = Arrays.stream(counters)
                .mapToObj(query.models().get(0).counters()::get)
                .toList();
        counted = new StreamQuery(source, List.of(new CountedModel(model, defined)));
        return new Definitions(counted, ours()).take(CountingFixture.NOW);
    }

    Reconciliation reconciliation(int counter) {
        StreamMarks marks = new StreamMarks() {
            @Override
            public Marks complete() {
                return stored();
            }

            @Override
            public Marks stored() {
                return ours().marks(ours().newest()).orElse(Marks.NONE);
            }
        };
        ZonedCounter zoned = query.models().get(0).counters().get(counter);
        List<String> tables = model.inputs().stream()
                .filter(input -> !input.equals(source.table()))
                .toList();
        CountedLog log = new CountedLog(
                source,
                model,
                new Dimensions(sql(), tables, table -> List.of(dimensions.get(table))),
                CounterPast.of(ours(), zoned));
        return new Reconciliation(sql(), new PipelinedReads(fixture.server.redis), log, marks, this::again);
    }

    /** The lines out of the topic once more. */
    private CountedRecords.Found again(
            ZonedCounter counter, Map<FileKey, Intervals> lines, Marks marks, Instant since) {
        StreamQuery one = new StreamQuery(source, List.of(new CountedModel(model, List.of(counter))));
        return new CountedRecords(spark, DimensionVersions.NONE)
                .of(one, Optional.of(fixture.frame(topic)), lines, CountingFixture.NOW);
    }

    private CounterDay day(int counter) {
        return new CounterDay(query.models().get(0).counters().get(counter), DS, CountingFixture.NOW);
    }

    Comparison compared(int counter) {
        return reconciliation(counter).compare(day(counter));
    }

    Comparison total(int counter, List<String> days, List<String> unbuilt) {
        CounterDay day = day(counter);
        return reconciliation(counter).compare(new AllTime(day.counter(), DS, CountingFixture.NOW, days, unbuilt));
    }

    Comparison corrected(int counter) {
        return repair().run(reconciliation(counter), () -> compared(counter));
    }

    Repair repair() {
        return new Repair(query.name(), fixture.server.nodes, new RedisRetry(Duration.ZERO), Clock.systemUTC());
    }

    /** What differs of a measure in a window. */
    static Optional<Difference> difference(Comparison found, String window, String measure) {
        return found.differences().stream()
                .filter(d ->
                        d.cell().window().equals(window) && d.cell().measure().equals(measure))
                .findFirst();
    }

    /** From two hours before the day begins; every tenth line is broken. */
    static List<String> log(int seed, int lines, int hours) {
        Random random = new Random(seed);
        List<String> log = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            Instant at = MIDNIGHT.minusSeconds(7200).plusSeconds(i * hours * 3600L / lines);
            int status = i % 10 != 9 && random.nextInt(5) == 0 ? 404 : 200;
            log.add("10.0.0." + random.nextInt(60) + " - - [" + LOG_TIME.format(at) + "] \"GET /p HTTP/1.1\" " + status
                    + " " + random.nextInt(300) + " \"-\" \"Agent" + (i % 10 == 9 ? "" : "\""));
        }
        return log;
    }

    static CounterNode counter(
            String name,
            List<String> by,
            List<String> windows,
            List<MeasureNode> measures,
            long maxKeys,
            List<TopNode> top) {
        return new CounterNode(
                "counter.traffic." + name,
                "traffic",
                name,
                ".",
                "dwd.dwd_traffic_hit_di",
                "event_at",
                "is_page_view",
                by,
                windows,
                measures,
                TTL,
                null,
                maxKeys,
                top);
    }
}
