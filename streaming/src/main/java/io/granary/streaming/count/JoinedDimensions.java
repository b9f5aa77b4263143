package io.granary.streaming.count;

import io.granary.streaming.query.DimensionVersions;
import io.granary.streaming.query.DimensionVersions.Version;
import io.granary.streaming.query.StreamQuery;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dimensions that a query joins, each as a view of one version, which tasks get as a whole. */
final class JoinedDimensions {
    private static final Logger LOG = LoggerFactory.getLogger(JoinedDimensions.class);

    private final SparkSession spark;
    private final StreamQuery query;
    private final DimensionVersions published;
    private final Map<String, Version> joined = new TreeMap<>();
    private Instant looked = Instant.MIN;

    JoinedDimensions(SparkSession spark, StreamQuery query, DimensionVersions published) {
        this.spark = spark;
        this.query = query;
        this.published = published;
    }

    /**
     * Takes newer versions, looking once an {@link DimensionVersions#interval}.
     *
     * @return whether one has changed, so that plans are to be made anew
     * @throws GranaryException when a dimension was never published
     */
    boolean refresh(Instant now) {
        if (query.dimensions().isEmpty() || now.isBefore(looked.plus(published.interval()))) {
            return false;
        }
        boolean isChanged = false;
        for (String table : query.dimensions()) {
            Version version = newest(table, now);
            if (!version.equals(joined.put(table, version))) {
                LOG.info("{} joins {} {}", query.name(), table, version);
                functions
                        .broadcast(spark.read().orc(version.location()).drop("ds"))
                        .createOrReplaceTempView(view(table));
                isChanged = true;
            }
        }
        looked = now;
        return isChanged;
    }

    private Version newest(String table, Instant now) {
        return published
                .newest(table, now.atZone(ZoneId.of(query.source().timeZone())).toLocalDate())
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.NOT_FOUND,
                        "counters over " + query.source().topic() + " join " + table
                                + ", of which no day is published. Build it: granary build --select +"
                                + table.substring(table.indexOf('.') + 1)));
    }

    /** By table, the view of its version. */
    Map<String, String> views() {
        Map<String, String> views = new TreeMap<>();
        query.dimensions().forEach(table -> views.put(table, view(table)));
        return views;
    }

    /** By table, the version that is joined. */
    Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        joined.forEach((table, version) -> versions.put(table, version.toString()));
        return versions;
    }

    private String view(String table) {
        return "granary_" + (query.name() + "_" + table).replace('.', '_');
    }
}
