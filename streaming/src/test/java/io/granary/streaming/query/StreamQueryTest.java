package io.granary.streaming.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.count.CountingFixture;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamQueryTest {
    @Test
    void oneQueryForEachSourceThatIsCounted() {
        List<StreamQuery> queries = StreamQuery.of(CountingFixture.manifest());

        assertThat(queries).extracting(StreamQuery::name).containsExactly("traffic.access_log", "ads.ad_event");
        assertThat(queries).extracting(StreamQuery::counters).containsExactly(1, 2);
        assertThat(queries.get(0).models().get(0).counters().get(0).zone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
    }

    @Test
    void refusesCountersThatCannotBeStreamed() {
        refuses("\"streamable\": true", "\"streamable\": false", "which is not marked streamable: true");
        refuses("\"from\": \"dwd.dwd_traffic_hit_di\"", "\"from\": \"dwd.gone\"", "counts dwd.gone, which is no model");
        refuses("[\"1m\", \"1d\"]", "[\"1w\"]", "has the unknown window '1w'");

        refuses(
                "\"inputs\": [\"ods.ods_traffic_access_log_hi\"]",
                "\"inputs\": [\"ods.ods_traffic_access_log_hi\", \"dim.dim_user_df\"]",
                "the table of one log source, and joins dimensions");
    }

    private static void refuses(String valid, String broken, String message) {
        String json = CountingFixture.manifest().toJson();
        String compact = json.replaceAll("\\s*\n\\s*", " ")
                .replace("\" : ", "\": ")
                .replace("[ ", "[")
                .replace(" ]", "]");
        assertThat(compact).contains(valid);
        Manifest manifest = Manifest.fromJson(compact.replace(valid, broken), "test");
        assertThatThrownBy(() -> StreamQuery.of(manifest))
                .isInstanceOf(GranaryException.class)
                .hasMessageMatching("counter (\\w+)\\.(\\w+) \\(subjects/\\1/counters/\\2\\.yaml\\) .*")
                .hasMessageContaining(message);
    }
}
