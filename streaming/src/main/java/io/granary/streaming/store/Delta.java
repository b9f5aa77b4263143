package io.granary.streaming.store;

/**
 * One change of one batch to Redis. A batch has for every combination first the {@code ADD} of its rows
 * ({@link io.granary.warehouse.redis.RedisKeys#rows}), next to it those of its measures.
 *
 * @param field what in {@code key} changes: a hash's field, a member of a set, of a sketch or of a sorted set
 * @param amount what is added; 0 for {@code MEMBER, SKETCH} and {@code REMOVE}
 * @param expiresAt when the whole key goes, epoch seconds; 0 = never. All deltas of a key in a batch have the same
 * @param limit combinations that this shard's part of the bucket may hold; 0 = any number. All deltas of a counter have
 *     the same
 */
public record Delta(Kind kind, int shard, String key, String field, long amount, long expiresAt, long limit) {
    /** What is done to which type of key; they are applied in this order. */
    public enum Kind {
        /** To a number in a hash. */
        ADD,
        /** Into a set. */
        MEMBER,
        /** Into a HyperLogLog. */
        SKETCH,
        /** To a score in a sorted set. */
        RANK,
        /** Out of a set; in corrections only. */
        REMOVE
    }

    public static Delta add(int shard, String key, String field, long amount, long expiresAt, long limit) {
        return new Delta(Kind.ADD, shard, key, field, amount, expiresAt, limit);
    }

    public static Delta member(int shard, String key, String member, long expiresAt, long limit) {
        return new Delta(Kind.MEMBER, shard, key, member, 0, expiresAt, limit);
    }

    public static Delta sketch(int shard, String key, String member, long expiresAt, long limit) {
        return new Delta(Kind.SKETCH, shard, key, member, 0, expiresAt, limit);
    }

    /** @param by encoded values of the combination */
    public static Delta rank(int shard, String key, String by, long amount, long expiresAt, long limit) {
        return new Delta(Kind.RANK, shard, key, by, amount, expiresAt, limit);
    }

    public static Delta remove(int shard, String key, String member, long expiresAt) {
        return new Delta(Kind.REMOVE, shard, key, member, 0, expiresAt, 0);
    }

    /** Of {@code ADD}: the combination its field belongs to. */
    String by() {
        return field.substring(0, field.lastIndexOf('#'));
    }
}
