package io.granary.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AdEventsTest {
    private static final AdEvents.Shape SHAPE = new AdEvents.Shape(20_000, 1000, 100);
    private static final long BEGIN = Instant.parse("2026-11-21T23:59:58.990Z").toEpochMilli();

    @Test
    void whatTheGeneratorCountedIsWhatItsLinesSay() throws Exception {
        AdEvents events = new AdEvents(BEGIN, SHAPE);
        Map<String, String> campaigns = events.adsOfCampaigns().stream()
                .map(line -> line.split(","))
                .collect(Collectors.toMap(words -> words[0], words -> words[1]));
        JsonMapper json = new JsonMapper();
        Map<String, Long> counts = new TreeMap<>();
        for (int number = 0; number < SHAPE.events(); number++) {
            String line = line(events, number);
            JsonNode event = json.readTree(line);
            if (event.path("event_type").asText().equals("view")) {
                long second = Instant.parse(event.path("event_time").asText()).getEpochSecond();
                String campaign = campaigns.get(event.path("ad_id").asText());
                counts.merge(second - second % 10 + " " + campaign, 1L, Long::sum);
            }
        }
        assertThat(campaigns).hasSize(AdEvents.ADS);
        assertThat(campaigns.values().stream().distinct()).hasSize(AdEvents.CAMPAIGNS);
        assertThat(events.truth()).isEqualTo(counts);
        assertThat(StreamRuns.sum(counts)).isBetween(SHAPE.events() / 4, SHAPE.events() / 2);
    }

    @Test
    void aLineIsAFunctionOfItsNumber() {
        AdEvents one = new AdEvents(BEGIN, SHAPE);
        AdEvents other = new AdEvents(BEGIN, SHAPE);
        line(other, 4711);
        assertThat(line(other, 12)).isEqualTo(line(one, 12)).contains("\"event_time\": \"2026-11-21T23:59:");
    }

    private static String line(AdEvents events, long number) {
        int length = events.write(number);
        return new String(events.line(), 0, length, StandardCharsets.US_ASCII);
    }
}
