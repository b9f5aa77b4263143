package io.granary.streaming.count;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.timestamp_millis;
import static org.apache.spark.sql.functions.when;

import io.granary.streaming.checkpoint.Marks.FileMark;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.avro.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Chunks of log lines as Flume's KafkaChannel writes them (docs/contracts.md, section 6). Records of other kinds hold no
 * line to count: they only move a batch's offsets.
 */
public final class KafkaChunks {
    private static final String EVENT = """
            {"type": "record", "name": "AvroFlumeEvent", "namespace": "org.apache.flume.source.avro", "fields": [
              {"name": "headers", "type": {"type": "map", "values": "string"}},
              {"name": "body", "type": "bytes"}]}
            """;
    private static final String CHUNK = "chunk";
    private static final StructType MARK = new StructType()
            .add("region", DataTypes.StringType)
            .add("host", DataTypes.StringType)
            .add("file", DataTypes.StringType)
            .add("mark", DataTypes.LongType);

    private KafkaChunks() {}

    /** What a batch brings: how far it reads each partition and, of chunks, each file. */
    public record Extent(Map<String, Long> offsets, List<FileMark> files) {
        boolean hasLines() {
            return !files.isEmpty();
        }
    }

    /** Records with {@code partition, offset, value} to chunks, with {@code partition, offset, is_chunk} kept. */
    public static Dataset<Row> decode(Dataset<Row> records) {
        return records.select(
                        col("partition"),
                        col("offset"),
                        functions.from_avro(col("value"), EVENT).as("event"))
                .select(
                        col("partition"),
                        col("offset"),
                        coalesce(col("event.headers").getItem("kind"), lit(CHUNK))
                                .equalTo(CHUNK)
                                .as("is_chunk"),
                        header("region"),
                        header("site"),
                        header("host"),
                        header("file"),
                        number("start").as("start_offset"),
                        number("end").as("end_offset"),
                        number("first_line").as("first_line"),
                        number("lines").as("lines"),
                        timestamp_millis(number("collected_at")).as("collected_at"),
                        col("event.body").as("body"));
    }

    /**
     * Reads a batch's extent.
     *
     * @throws GranaryException when a record is no chunk
     */
    public static Extent extent(Dataset<Row> chunks, String topic) {
        Column isWhole = col("region").isNotNull();
        for (String column : List.of("site", "host", "file", "start_offset", "end_offset", "first_line")) {
            isWhole = isWhole.and(col(column).isNotNull());
        }
        Column isBroken = col("is_chunk").and(not(isWhole));
        List<Row> rows = chunks.groupBy("partition", "is_chunk", "region", "host", "file")
                .agg(
                        max("end_offset").as("end"),
                        max("offset").as("last"),
                        count(when(isBroken, 1)).as("broken"),
                        min(when(isBroken, col("offset"))).as("first_broken"))
                .collectAsList();
        Map<String, Long> offsets = new TreeMap<>();
        List<FileMark> files = new ArrayList<>();
        for (Row row : rows) {
            int partition = row.getAs("partition");
            if (row.<Long>getAs("broken") > 0) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "record " + row.getAs("first_broken") + " of partition " + partition + " of topic " + topic
                                + " is no chunk: a header of region, site, host, file, start, end, first_line is"
                                + " missing. Only Granary's agent may write to this topic.");
            }
            offsets.merge(Integer.toString(partition), row.<Long>getAs("last") + 1, Math::max);
            if (row.<Boolean>getAs("is_chunk")) {
                files.add(new FileMark(row.getAs("region"), row.getAs("host"), row.getAs("file"), row.getAs("end")));
            }
        }
        return new Extent(offsets, files);
    }

    /** The chunks alone, with {@code mark}: the first byte of the chunk's file that is not counted yet, null for a new file. */
    public static Dataset<Row> marked(Dataset<Row> chunks, List<FileMark> marks) {
        List<Row> rows = marks.stream()
                .map(m -> RowFactory.create(m.region(), m.host(), m.file(), m.end()))
                .toList();
        Dataset<Row> known = chunks.sparkSession().createDataFrame(rows, MARK);
        return chunks.where(col("is_chunk")).join(broadcast(known), new String[] {"region", "host", "file"}, "left");
    }

    /** Marked chunks of no batch, to analyze SQL with. */
    public static Dataset<Row> none(SparkSession spark) {
        StructType record = new StructType()
                .add("partition", DataTypes.IntegerType)
                .add("offset", DataTypes.LongType)
                .add("value", DataTypes.BinaryType);
        return marked(decode(spark.createDataFrame(List.of(), record)), List.of());
    }

    private static Column header(String name) {
        return col("event.headers").getItem(name).as(name);
    }

    private static Column number(String name) {
        return col("event.headers").getItem(name).cast(DataTypes.LongType);
    }
}
