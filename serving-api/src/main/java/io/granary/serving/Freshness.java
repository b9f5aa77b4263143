package io.granary.serving;

import io.granary.warehouse.redis.AsOf;
import io.granary.warehouse.redis.CounterReads.Round;
import io.granary.warehouse.redis.Fence;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Up to when counters have counted, and whether their numbers may be lower than some that were read before. That is so while
 * they are rebuilt, and when a shard is at an earlier state than this process has seen it in: Redis lost data, and the stream
 * has not mended it yet.
 */
final class Freshness {
    private static final List<String> FIELDS = List.of("at", "state", "generation");

    private final Map<String, Fence> seen = new ConcurrentHashMap<>();

    /**
     * What an answer says of its age.
     *
     * @param asOf nothing when it is not known, or while numbers may be lower
     * @param state {@link AsOf#OK} or {@link AsOf#REBUILDING}
     */
    record Age(Optional<Instant> asOf, String state) {}

    /**
     * Questions around those for the numbers of some shards: {@link #asOf}, {@link #before} and {@link #after} them; their
     * answers are the {@link #age}. A round of questions may be repeated.
     */
    final class Asked {
        private final String query;
        private final List<Integer> shards;
        private final List<Fence> known = new ArrayList<>();
        private final List<Supplier<List<String>>> fencesBefore = new ArrayList<>();
        private final List<Supplier<List<String>>> fencesAfter = new ArrayList<>();
        private Supplier<List<String>> fields;

        private Asked(String query, List<Integer> shards) {
            this.query = query;
            this.shards = shards;
        }

        /** Comes first: the numbers are then at least as new as it says. */
        void asOf(Round round) {
            fields = round.fields(RedisKeys.asOf(query), FIELDS);
        }

        void before(Round round) {
            known.clear();
            shards.forEach(shard -> known.add(seen.get(RedisKeys.fence(shard, query))));
            ask(round, fencesBefore);
        }

        void after(Round round) {
            ask(round, fencesAfter);
        }

        private void ask(Round round, List<Supplier<List<String>>> fences) {
            fences.clear();
            shards.forEach(shard -> fences.add(round.fields(RedisKeys.fence(shard, query), Fence.FIELDS)));
        }

        Age age() {
            List<String> values = fields.get();
            boolean mayBeLower = AsOf.REBUILDING.equals(values.get(1));
            long generation = values.get(2) == null ? Long.MAX_VALUE : Long.parseLong(values.get(2));
            for (int i = 0; i < shards.size(); i++) {
                Fence before = Fence.of(fencesBefore.get(i).get());
                Fence after = Fence.of(fencesAfter.get(i).get());
                mayBeLower |= known.get(i) != null && before.isBehind(known.get(i));
                // a rebuild that began between the questions
                mayBeLower |= after.generation() > generation;
                seen.merge(RedisKeys.fence(shards.get(i), query), after, (old, now) -> now.isBehind(old) ? old : now);
            }
            return mayBeLower
                    ? new Age(Optional.empty(), AsOf.REBUILDING)
                    : new Age(
                            Optional.ofNullable(values.get(0))
                                    .map(Long::parseLong)
                                    .map(Instant::ofEpochMilli),
                            AsOf.OK);
        }
    }

    Asked of(String query, List<Integer> shards) {
        return new Asked(query, shards);
    }
}
