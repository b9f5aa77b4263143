package io.granary.streaming.store;

import java.util.Comparator;

/**
 * One change of one batch to Redis.
 *
 * @param field field of the hash {@code key} for {@code ADD}, member of the set {@code key} for {@code MEMBER}
 * @param amount what is added; 0 for {@code MEMBER}
 * @param ttlSeconds how long the key lives from now on
 */
public record Delta(Kind kind, int shard, String key, String field, long amount, long ttlSeconds) {
    public enum Kind {
        ADD,
        MEMBER
    }

    /** The order in which a batch is cut into slices. */
    public static final Comparator<Delta> ORDER =
            Comparator.comparingInt(Delta::shard).thenComparing(Delta::key).thenComparing(Delta::field);

    public static Delta add(int shard, String key, String field, long amount, long ttlSeconds) {
        return new Delta(Kind.ADD, shard, key, field, amount, ttlSeconds);
    }

    public static Delta member(int shard, String key, String member, long ttlSeconds) {
        return new Delta(Kind.MEMBER, shard, key, member, 0, ttlSeconds);
    }
}
