package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.tablestore.HiveTableStore;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.SourceNode;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The sealed lines of a source in a profile's warehouse, whose metastore is asked each time anew. */
public record Warehouse(SparkSession spark, Profile profile, SourceNode source) implements SealedLog {
    @Override
    public Map<FileKey, Intervals> lines() {
        return published().lines();
    }

    @Override
    public Optional<Dataset<Row>> rows(String firstDay) {
        return published().rows(firstDay);
    }

    private PublishedLog published() {
        return new PublishedLog(spark, source, table -> HiveTableStore.published(profile, table));
    }
}
