package io.granary.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/** Numbers asked from the HTTP API, as an advertising service or a report page would. */
final class RealTime {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String api;
    private final String site;

    RealTime(String api, String site) {
        this.api = api;
        this.site = site;
    }

    /** A counter's value of the whole day; 0 when nothing was counted. */
    long day(String counter, String measure, LocalDate ds) {
        JsonNode answer = json("/api/v1/counters/" + counter + "?window=1d&bucket=" + start(ds) + "&by.site=" + site);
        return answer.path("values").path(measure).asLong();
    }

    /** A counter's values of the day's minutes that have any. */
    Map<Instant, Long> minutes(String counter, String measure, LocalDate ds) {
        JsonNode answer = json("/api/v1/counters/" + counter + "/series?window=1m&from=" + start(ds) + "&to="
                + start(ds.plusDays(1)) + "&by.site=" + site);
        Map<Instant, Long> minutes = new TreeMap<>();
        for (JsonNode point : answer.path("points")) {
            long value = point.path("values").path(measure).asLong();
            if (value != 0) {
                minutes.put(Instant.parse(point.path("bucket").asText()), value);
            }
        }
        return minutes;
    }

    /** The rows of a report for one day. */
    JsonNode report(String report, LocalDate ds) {
        return json("/api/v1/reports/" + report + "?ds=" + ds).path("rows");
    }

    private static Instant start(LocalDate ds) {
        return ds.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private JsonNode json(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        "GET " + path + " answered " + response.statusCode() + ": " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "the API at " + api + " did not answer GET " + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.USAGE, "interrupted while asking the API", e);
        }
    }
}
