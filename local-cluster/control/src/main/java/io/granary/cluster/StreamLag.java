package io.granary.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far the streaming component is behind, of its {@code /metrics}. */
final class StreamLag {
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Pattern SAMPLE =
            Pattern.compile("granary_stream_(up|lag_records|lag_seconds)\\{query=\"([^\"]+)\"} (\\S+)");

    private StreamLag() {}

    /** A line a query, when the component runs and answers. */
    static List<String> of(List<Status> all) {
        return all.stream()
                .filter(s -> s.component() == Component.STREAMING
                        && s.state() == Status.State.RUNNING
                        && s.port().isPresent())
                .flatMap(s -> lines(metrics(s.port().getAsInt())).stream())
                .toList();
    }

    static List<String> lines(String metrics) {
        Map<String, Map<String, Double>> byQuery = new TreeMap<>();
        Matcher sample = SAMPLE.matcher(metrics);
        while (sample.find()) {
            byQuery.computeIfAbsent(sample.group(2), q -> new TreeMap<>())
                    .put(sample.group(1), Double.valueOf(sample.group(3)));
        }
        return byQuery.entrySet().stream()
                .map(query -> line(query.getKey(), query.getValue()))
                .toList();
    }

    private static String line(String query, Map<String, Double> values) {
        String behind = values.containsKey("lag_records")
                ? "%.0f records behind".formatted(values.get("lag_records"))
                : "lag not known yet";
        if (values.containsKey("lag_seconds")) {
            behind += String.format(Locale.ROOT, ", %.1f s", values.get("lag_seconds"));
        }
        boolean isUp = values.getOrDefault("up", 0.0) > 0;
        return "streaming " + query + ": " + (isUp ? "" : "not counting (`granary logs streaming`), ") + behind;
    }

    private static String metrics(int port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .timeout(ANSWER)
                .build();
        try {
            return HttpClient.newBuilder()
                    .connectTimeout(ANSWER)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            // it is starting, or hangs: the table says what is known
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
