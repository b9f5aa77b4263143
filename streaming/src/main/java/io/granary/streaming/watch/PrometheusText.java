package io.granary.streaming.watch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Metrics in Prometheus' text form, version 0.0.4: all samples of a metric together, below its help and type. */
final class PrometheusText {
    private record Family(String type, String help, List<String> samples) {}

    private final Map<String, Family> families = new LinkedHashMap<>();

    void counter(String name, String help, Map<String, String> labels, double value) {
        sample(name, "counter", help, name, labels, value);
    }

    void gauge(String name, String help, Map<String, String> labels, double value) {
        sample(name, "gauge", help, name, labels, value);
    }

    void histogram(String name, String help, Map<String, String> labels, Histogram histogram) {
        histogram.read(
                (bound, count) -> {
                    Map<String, String> bucket = new TreeMap<>(labels);
                    bucket.put("le", number(bound));
                    sample(name, "histogram", help, name + "_bucket", bucket, count);
                },
                (count, sum) -> {
                    sample(name, "histogram", help, name + "_sum", labels, sum);
                    sample(name, "histogram", help, name + "_count", labels, count);
                });
    }

    private void sample(
            String family, String type, String help, String name, Map<String, String> labels, double value) {
        String text = new TreeMap<>(labels)
                .entrySet().stream()
                        .map(l -> l.getKey() + "=\"" + escape(l.getValue()) + "\"")
                        .collect(Collectors.joining(","));
        families.computeIfAbsent(family, f -> new Family(type, help, new ArrayList<>()))
                .samples()
                .add(name + (text.isEmpty() ? "" : "{" + text + "}") + " " + number(value));
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        families.forEach((name, family) -> {
            out.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
            out.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
            family.samples().forEach(sample -> out.append(sample).append('\n'));
        });
        return out.toString();
    }
}
