package io.granary.streaming.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.Sessions;
import io.granary.streaming.count.CounterRows;
import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.count.Records;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.redis.Windows;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterSqlTest {
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = Sessions.local("streaming-test").getOrCreate();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo", "Asia/Beirut"})
    void bucketsAreThoseThatReadersAskFor(String zone) {
        List<Row> rows = new ArrayList<>();
        // half-hours of two years: all changes of daylight saving, some of them at midnight
        for (Instant at = Instant.parse("2017-01-01T00:00:00Z");
                at.isBefore(Instant.parse("2019-01-01T00:00:00Z"));
                at = at.plusSeconds(1787)) {
            rows.add(RowFactory.create(java.sql.Timestamp.from(at)));
        }
        rows.add(RowFactory.create(java.sql.Timestamp.from(Instant.parse("1969-12-31T23:59:59.5Z"))));
        List<String> buckets = Windows.NAMES.stream()
                .map(w -> CounterSql.bucket("t", w, ZoneId.of(zone)) + " AS `" + w + "`")
                .toList();
        spark.createDataFrame(rows, new StructType().add("t", DataTypes.TimestampType))
                .createOrReplaceTempView("times");

        for (Row row : spark.sql("SELECT t, " + String.join(", ", buckets) + " FROM times")
                .collectAsList()) {
            Instant at = row.<java.sql.Timestamp>getAs("t").toInstant();
            for (String window : Windows.NAMES) {
                assertThat(row.<Long>getAs(window))
                        .as("%s of %s in %s", window, at, zone)
                        .isEqualTo(Windows.bucket(at, window, ZoneId.of(zone)));
            }
        }
    }

    @Test
    void aCounterThatDoesNotFitItsModelIsRefusedBeforeAnythingRuns() {
        refuses(
                "\"is_page_view\"",
                "\"is_gone\"",
                "counters traffic.page_view do not fit",
                "(subjects/traffic/counters/page_view.yaml)",
                "is_gone");
        refuses("\"column\" : \"bytes\"", "\"column\" : \"site\"", "sums site, which is of type string");
        refuses("FROM hit\"", "FROM gone\"", "model dwd_traffic_hit_di cannot run over the stream (hit.sql)", "gone");
    }

    private static void refuses(String valid, String broken, String... messages) {
        String json = CountingFixture.manifest().toJson();
        assertThat(json).contains(valid);
        StreamQuery query = StreamQuery.of(Manifest.fromJson(json.replace(valid, broken), "test"))
                .get(0);
        assertThatThrownBy(() -> new CounterRows(spark, query, Records.CHUNKS).check())
                .isInstanceOf(GranaryException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(messages));
    }
}
