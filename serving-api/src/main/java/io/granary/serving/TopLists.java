package io.granary.serving;

import io.granary.serving.Counters.Question;
import io.granary.warehouse.manifest.TopNode;
import io.granary.warehouse.redis.CounterBucket;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The combinations of a counter with the highest numbers, as its definition's {@code top} keeps them. */
record TopLists(Counters counters, CounterStore store, Freshness freshness) {

    /** A combination's dimensions and its number. */
    record Place(Map<String, String> by, long number) {}

    /**
     * A list, highest first.
     *
     * @param by the values that all places share
     */
    record Top(
            String counter,
            String window,
            Instant bucket,
            String measure,
            Map<String, String> by,
            List<Place> places,
            Instant asOf,
            String state) {}

    Top top(String name, Parameters parameters) {
        Question question = counters.question(name, parameters, false);
        TopNode top = asked(question, parameters);
        List<String> within = parameters.by(top.within());
        long bucket = Counters.bucket(question, parameters);
        List<Integer> shards = IntStream.range(0, RedisKeys.SHARDS).boxed().toList();
        Freshness.Asked asked = freshness.of(question.query(), shards);
        Supplier<List<CounterBucket.Place>> best = store.inOrder(asked::asOf, round -> {
            asked.before(round);
            var found = question.held(bucket).best(round, top, RedisKeys.encodeBy(within));
            asked.after(round);
            return found;
        });
        List<String> dimensions = question.counter().by();
        List<Place> places = best.get().stream()
                .map(place -> new Place(
                        spoken(dimensions, RedisKeys.decodeBy(place.by(), dimensions.size())), place.number()))
                .toList();
        Freshness.Age age = asked.age();
        return new Top(
                name,
                question.window(),
                Instant.ofEpochSecond(bucket),
                top.measure(),
                spoken(top.within(), within),
                places,
                age.asOf().orElse(null),
                age.state());
    }

    /** Of several lists of a measure the one within the dimensions that are given; else one whose values are then missed. */
    private static TopNode asked(Question question, Parameters parameters) {
        List<TopNode> lists = question.counter().top();
        String first = lists.isEmpty() ? "page_views" : lists.get(0).measure();
        String measure = parameters.required("measure", first);
        return lists.stream()
                .filter(top -> top.measure().equals(measure))
                .max(Comparator.comparing(top -> Set.copyOf(top.within()).equals(parameters.dimensions())))
                .orElseThrow(() -> Parameters.usage("counter "
                        + question.counter().qualifiedName() + " keeps no list of the most of '"
                        + Parameters.shorten(measure) + "'; it has "
                        + (lists.isEmpty()
                                ? "none"
                                : String.join(
                                        ", ",
                                        lists.stream().map(TopNode::measure).toList()))
                        + "."));
    }

    /** Values by the names of their dimensions. */
    static Map<String, String> spoken(List<String> dimensions, List<String> values) {
        Map<String, String> spoken = new LinkedHashMap<>();
        for (int i = 0; i < dimensions.size(); i++) {
            spoken.put(dimensions.get(i), values.get(i));
        }
        return spoken;
    }
}
