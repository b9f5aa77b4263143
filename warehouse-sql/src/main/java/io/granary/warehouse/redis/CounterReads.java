package io.granary.warehouse.redis;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads what counters hold in Redis, so that this library needs no client of it. */
public interface CounterReads {
    /**
     * Asks everything that {@code questions} asks in one round trip.
     *
     * @return what {@code questions} returned; what its round gave out may be read now, and not before
     * @throws RuntimeException of the client, when Redis does not answer
     */
    <T> T inOneRound(Function<Round, T> questions);

    /** Questions of one round trip. */
    interface Round {
        /** A hash; empty when there is none. */
        Supplier<Map<String, String>> hash(String key);

        /** Fields of a hash, in their order; null where there is none. */
        Supplier<List<String>> fields(String key, List<String> names);

        /** How many members a set has. */
        Supplier<Long> members(String key);

        /** How many members a HyperLogLog has seen, estimated. */
        Supplier<Long> sketch(String key);

        /** The members of a sorted set with the highest scores, highest first. */
        Supplier<Map<String, Double>> best(String key, int size);
    }
}
