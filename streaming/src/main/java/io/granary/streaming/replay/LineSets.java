package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Rows of an ODS table by the file and place of their line. */
final class LineSets {
    private static final StructType INTERVAL =
            StructType.fromDDL("k_region STRING, k_host STRING, k_file STRING, k_start BIGINT, k_end BIGINT");
    private static final StructType FILE = StructType.fromDDL("k_region STRING, k_host STRING, k_file STRING");

    private LineSets() {}

    /** Those whose line is among {@code lines}. */
    static Dataset<Row> within(SparkSession spark, Dataset<Row> rows, Map<FileKey, Intervals> lines) {
        return rows.join(intervals(spark, lines), isIn(rows), "left_semi");
    }

    /** Those whose line is not. */
    static Dataset<Row> without(SparkSession spark, Dataset<Row> rows, Map<FileKey, Intervals> lines) {
        return rows.join(intervals(spark, lines), isIn(rows), "left_anti");
    }

    /** Those of files that are not among {@code files}. */
    static Dataset<Row> ofOtherFiles(SparkSession spark, Dataset<Row> rows, Collection<FileKey> files) {
        List<Row> keys = files.stream()
                .map(f -> RowFactory.create(f.region(), f.host(), f.file()))
                .toList();
        return rows.join(functions.broadcast(spark.createDataFrame(keys, FILE)), isOf(rows), "left_anti");
    }

    private static Column isOf(Dataset<Row> rows) {
        return functions
                .coalesce(rows.col("region"), functions.lit(""))
                .equalTo(functions.col("k_region"))
                .and(rows.col("host").equalTo(functions.col("k_host")))
                .and(rows.col("file").equalTo(functions.col("k_file")));
    }

    private static Column isIn(Dataset<Row> rows) {
        return isOf(rows)
                .and(rows.col("line_offset").geq(functions.col("k_start")))
                .and(rows.col("line_offset").lt(functions.col("k_end")));
    }

    private static Dataset<Row> intervals(SparkSession spark, Map<FileKey, Intervals> lines) {
        List<Row> rows = new ArrayList<>();
        lines.forEach((f, of) -> of.pairs()
                .forEach(p -> rows.add(RowFactory.create(f.region(), f.host(), f.file(), p.get(0), p.get(1)))));
        return functions.broadcast(spark.createDataFrame(rows, INTERVAL));
    }
}
