package io.granary.bench;

import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;
import io.granary.warehouse.run.RunResults.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the time of one {@code granary build} or {@code run} of one model after the other went, in seconds; the parts
 * add up to the wall time.
 */
record Account(Map<String, Double> parts, Map<String, Map<String, Double>> models) {
    /** From the start of the launcher until the plan stands: JVM, manifest, plan. */
    static final String START = "JVM start, manifest, plan";

    static final String SESSION = "SQL session and store";
    static final String REST = "everything else";

    static Account of(Verbs.Ran ran, RunResults results) {
        List<Result> models = results.results().stream()
                .filter(r -> r.status() == Status.SUCCESS && !r.timing().isEmpty())
                .toList();
        Instant planned = results.metadata().generatedAt().minusMillis((long) (results.elapsedTime() * 1000));
        Instant first = models.get(0).timing().get(0).startedAt();
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put(START, between(ran.startedAt(), planned));
        parts.put(SESSION, between(planned, first));
        Map<String, Map<String, Double>> byModel = new LinkedHashMap<>();
        for (Result model : models) {
            Map<String, Double> phases = new LinkedHashMap<>();
            for (Timing timing : model.timing()) {
                double seconds = between(timing.startedAt(), timing.completedAt());
                phases.merge(timing.name(), seconds, Double::sum);
                parts.merge(timing.name(), seconds, Double::sum);
            }
            byModel.put(model.uniqueId().substring("model.".length()), phases);
        }
        double known = parts.values().stream().mapToDouble(Double::doubleValue).sum();
        parts.put(REST, Figures.seconds(ran.wall()) - known);
        return new Account(parts, byModel);
    }

    private static double between(Instant from, Instant to) {
        return Figures.seconds(Duration.between(from, to));
    }

    /** Staging plus publish of one model. */
    double stagingAndPublish(String model) {
        return models.get(model).get("stage") + models.get(model).get("publish");
    }
}
