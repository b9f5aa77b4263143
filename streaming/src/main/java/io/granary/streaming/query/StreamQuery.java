package io.granary.streaming.query;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.redis.Windows;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is counted over the topic of one log source. */
public record StreamQuery(SourceNode source, List<CountedModel> models) {
    private static final Set<String> MEASURES = Set.of("count", "sum", "distinct");

    /** A streamable model and the counters over it. */
    public record CountedModel(ModelNode model, List<ZonedCounter> counters) {
        public CountedModel {
            counters = List.copyOf(counters);
        }
    }

    /** A counter and the zone in which its days begin. */
    public record ZonedCounter(CounterNode node, ZoneId zone) {}

    public StreamQuery {
        models = List.copyOf(models);
    }

    /** {@code <subject>.<source>}, as in Redis keys. */
    public String name() {
        return source.qualifiedName();
    }

    /** {@code <subject>.<name>} of all counters. */
    public List<String> counterNames() {
        return models.stream()
                .flatMap(model -> model.counters().stream())
                .map(counter -> counter.node().qualifiedName())
                .toList();
    }

    /** Tables that models join, in order. */
    public List<String> dimensions() {
        return models.stream()
                .flatMap(model -> model.model().inputs().stream())
                .filter(input -> !input.equals(source.table()))
                .distinct()
                .sorted()
                .toList();
    }

    public int counters() {
        return models.stream().mapToInt(m -> m.counters().size()).sum();
    }

    /**
     * One query for each log source that has counters.
     *
     * @throws GranaryException when a counter cannot be counted on a stream
     */
    public static List<StreamQuery> of(Manifest manifest) {
        Map<String, Map<String, List<ZonedCounter>>> bySource = new LinkedHashMap<>();
        for (CounterNode counter : manifest.counters()) {
            ModelNode model = model(manifest, counter);
            SourceNode source = source(manifest, counter, model);
            counter.measures().forEach(m -> check(counter, m));
            checkWindows(counter);
            bySource.computeIfAbsent(source.qualifiedName(), s -> new LinkedHashMap<>())
                    .computeIfAbsent(model.table(), m -> new ArrayList<>())
                    .add(new ZonedCounter(counter, ZoneId.of(source.timeZone())));
        }
        List<StreamQuery> queries = new ArrayList<>();
        bySource.forEach((source, models) -> queries.add(new StreamQuery(
                manifest.source(source).orElseThrow(),
                models.entrySet().stream()
                        .map(m -> new CountedModel(manifest.model(m.getKey()).orElseThrow(), m.getValue()))
                        .toList())));
        return queries;
    }

    private static ModelNode model(Manifest manifest, CounterNode counter) {
        ModelNode model = manifest.model(counter.from())
                .orElseThrow(() -> definition(counter, "counts " + counter.from() + ", which is no model"));
        if (!model.streamable()) {
            throw definition(counter, "counts " + model.table() + ", which is not marked streamable: true");
        }
        return model;
    }

    private static SourceNode source(Manifest manifest, CounterNode counter, ModelNode model) {
        List<SourceNode> found = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String input : model.inputs()) {
            Optional<SourceNode> log = manifest.sources().stream()
                    .filter(s -> s.isLog() && s.table().equals(input))
                    .findFirst();
            log.ifPresent(found::add);
            if (log.isEmpty()
                    && manifest.model(input)
                            .filter(m -> m.layer().equals("dim"))
                            .isEmpty()) {
                others.add(input);
            }
        }
        if (found.size() != 1 || !others.isEmpty()) {
            throw definition(
                    counter,
                    "counts " + model.table() + ", which reads " + model.inputs()
                            + "; a streamed model reads the table of one log source, and joins dimensions");
        }
        return found.get(0);
    }

    private static void check(CounterNode counter, MeasureNode measure) {
        if (!MEASURES.contains(measure.type())) {
            throw definition(counter, "measure " + measure.name() + " has the unknown type '" + measure.type() + "'");
        }
        if (!measure.type().equals("count") && measure.column() == null) {
            throw definition(counter, "measure " + measure.name() + " (" + measure.type() + ") names no column");
        }
    }

    private static void checkWindows(CounterNode counter) {
        for (String window : counter.windows()) {
            if (!Windows.NAMES.contains(window)) {
                throw definition(counter, "has the unknown window '" + window + "'; known: " + Windows.NAMES);
            }
        }
    }

    /** Where a counter is declared, in its project. */
    public static String file(CounterNode counter) {
        return "subjects/" + counter.subject() + "/counters/" + counter.name() + ".yaml";
    }

    private static GranaryException definition(CounterNode counter, String problem) {
        return new GranaryException(
                ErrorCode.DEFINITION,
                "counter " + counter.qualifiedName() + " (" + file(counter) + ") " + problem
                        + ". Mend it and `granary compile`.");
    }
}
