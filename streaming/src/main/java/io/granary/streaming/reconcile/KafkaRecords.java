package io.granary.streaming.reconcile;

import io.granary.streaming.Sessions;
import io.granary.streaming.query.DimensionVersions;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.replay.CountedRecords;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.ModelNode;
import java.time.Clock;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Lines that are not sealed, out of Kafka; a Spark session in this process is opened when there are some. */
final class KafkaRecords implements AutoCloseable {
    private final Profile profile;
    private final Home home;
    private final Clock clock;
    private SparkSession spark;

    KafkaRecords(Profile profile, Home home, Clock clock) {
        this.profile = profile;
        this.home = home;
        this.clock = clock;
    }

    Unsealed.Records of(StreamQuery query, ModelNode model) {
        return (counter, lines, marks, since) -> {
            if (spark == null) {
                spark = Sessions.open(profile, home);
            }
            StreamQuery one = new StreamQuery(query.source(), List.of(new CountedModel(model, List.of(counter))));
            return new CountedRecords(spark, DimensionVersions.of(profile))
                    .of(profile.kafka(), one, lines, marks.offsets(), since, clock.instant());
        };
    }

    @Override
    public void close() {
        if (spark != null) {
            spark.stop();
        }
    }
}
