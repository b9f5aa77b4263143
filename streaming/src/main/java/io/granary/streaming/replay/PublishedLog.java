package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.log.LogRelation;
import io.granary.warehouse.manifest.SourceNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The sealed lines in the warehouse: the catalog says where, the files are read as they are (docs/contracts.md, section 7).
 *
 * @param partitions what readers of a table see now; none when it does not exist
 */
public record PublishedLog(
        SparkSession spark, SourceNode source, Function<TableName, List<PublishedPartition>> partitions)
        implements SealedLog {
    private static final TableName SEALED = new TableName("ods", "granary_log_sealed");
    private static final StructType INTERVAL =
            StructType.fromDDL("region STRING, host STRING, file STRING, start_offset BIGINT, end_offset BIGINT");
    private static final String LINE = "region STRING, site STRING, host STRING, file STRING, line_offset BIGINT,"
            + " line_number BIGINT, collected_at TIMESTAMP, seal_id STRING, ";

    @Override
    public Map<FileKey, Intervals> lines() {
        Map<FileKey, Intervals> lines = new HashMap<>();
        PartitionSpec ours = PartitionSpec.of("source", source.qualifiedName());
        for (PublishedPartition partition : partitions.apply(SEALED)) {
            if (!partition.spec().equals(ours)) {
                continue;
            }
            for (Row row :
                    spark.read().schema(INTERVAL).orc(partition.location()).collectAsList()) {
                FileKey file = new FileKey(row.isNullAt(0) ? "" : row.getString(0), row.getString(1), row.getString(2));
                lines.computeIfAbsent(file, f -> new Intervals()).add(row.getLong(3), row.getLong(4));
            }
        }
        return lines;
    }

    @Override
    public Optional<Dataset<Row>> rows(String firstDay) {
        Map<String, List<String>> byTable = new HashMap<>();
        for (PublishedPartition partition : partitions.apply(TableName.parse(source.table()))) {
            String day = partition.spec().values().get(0);
            if (day.compareTo(firstDay) >= 0) {
                String location = partition.location();
                String table = location.substring(0, location.indexOf("/v="));
                byTable.computeIfAbsent(table, t -> new ArrayList<>()).add(location);
            }
        }
        return byTable.entrySet().stream()
                .map(t -> rows(t.getKey(), t.getValue()))
                .reduce(Dataset::unionByName);
    }

    private Dataset<Row> rows(String table, List<String> locations) {
        String format = LogRelation.columns(source).stream()
                .map(c -> "`" + c.name() + "` " + c.type())
                .collect(Collectors.joining(", "));
        return spark.read()
                .schema(StructType.fromDDL(LINE + format + ", ds STRING, hh STRING"))
                .option("basePath", table)
                .orc(locations.toArray(String[]::new))
                .drop("v");
    }
}
