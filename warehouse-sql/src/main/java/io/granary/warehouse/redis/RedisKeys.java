package io.granary.warehouse.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The one codec of the Redis keys of real-time counters and of attributes (docs/contracts.md, section 9). A counter is named
 * {@code <subject>.<name>}; {@code by} are the encoded values of its dimensions.
 */
public final class RedisKeys {
    /** Number of shards; the braces around the shard are Redis Cluster's hash tag. */
    public static final int SHARDS = 16;

    /** In place of {@code by}: all combinations of a bucket beyond the counter's {@code max_keys}, in every shard one. */
    public static final String MORE = "%more";

    /** Field of a {@link #values} hash: how many combinations it holds, {@link #MORE} not among them. */
    public static final String COMBINATIONS = "%keys";

    private static final String RESERVED = "%|#:{}";
    private static final String NULL = "%00";

    private RedisKeys() {}

    /** Joins the values of a counter's dimensions; null is kept apart from the empty text. */
    public static String encodeBy(List<String> values) {
        List<String> encoded = new ArrayList<>(values.size());
        for (String value : values) {
            encoded.add(value == null ? NULL : encode(value));
        }
        return String.join("|", encoded);
    }

    /** The values that {@link #encodeBy} joined; none for a counter without dimensions. */
    public static List<String> decodeBy(String by, int dimensions) {
        List<String> values = new ArrayList<>();
        if (dimensions == 0) {
            return values;
        }
        for (String part : by.split("\\|", -1)) {
            values.add(part.equals(NULL) ? null : decode(part));
        }
        return values;
    }

    public static int shard(String counter, String by) {
        CRC32 crc = new CRC32();
        crc.update((counter + ":" + by).getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % SHARDS);
    }

    /** Of the combinations that a bucket may hold, the share of one shard; 0, no limit, stays 0. */
    public static long limit(long maxKeys) {
        return (maxKeys + SHARDS - 1) / SHARDS;
    }

    /** Hash from {@link #rows} and {@link #field} to number. {@code bucket}: first second of the window, epoch seconds. */
    public static String values(int shard, String counter, String window, long bucket) {
        return new CounterKey(CounterKey.Kind.VALUES, shard, "", counter, window, bucket, "", "").text();
    }

    /** Field of a measure that is a number. */
    public static String field(String by, String measure) {
        return by + "#" + measure;
    }

    /** Field of the number of rows; every combination that occurs has it. */
    public static String rows(String by) {
        return by + "#";
    }

    /** Set of the members of an exact distinct measure. */
    public static String members(int shard, String counter, String window, long bucket, String measure, String by) {
        return new CounterKey(CounterKey.Kind.MEMBERS, shard, "", counter, window, bucket, measure, by).text();
    }

    /** HyperLogLog of a distinct measure that is not exact. */
    public static String sketch(int shard, String counter, String window, long bucket, String measure, String by) {
        return new CounterKey(CounterKey.Kind.SKETCH, shard, "", counter, window, bucket, measure, by).text();
    }

    /**
     * Sorted set from {@code by} to a measure's number, of the combinations with the same {@code within}: the encoded values
     * of a top list's {@code within}. Its best and those of the other shards, merged, are the list.
     */
    public static String ranks(int shard, String counter, String window, long bucket, String measure, String within) {
        return new CounterKey(CounterKey.Kind.RANKS, shard, "", counter, window, bucket, measure, within).text();
    }

    /** Hash like {@link #values} of what was not counted, by reason ({@code late, future}). */
    public static String uncounted(int shard, String reason, String counter, String window, long bucket) {
        return new CounterKey(CounterKey.Kind.UNCOUNTED, shard, reason, counter, window, bucket, "", "").text();
    }

    /** Hash {@code epoch, batch, slice, slices}: what a shard has applied last of a query. */
    public static String fence(int shard, String query) {
        return "g:{" + shard + "}:fence:" + query;
    }

    public static String epoch(String query) {
        return "g:epoch:" + query;
    }

    /**
     * Hash {@code batch, at, offsets} of the newest batch that all shards have completed, and {@code state}
     * ({@code ok, rebuilding}) with {@code since} (epoch ms) and {@code generation}.
     */
    public static String asOf(String query) {
        return "g:as_of:" + query;
    }

    /** String: where the process that counts a query serves its metrics; expires soon after that process is gone. */
    public static String alive(String query) {
        return "g:alive:" + query;
    }

    /** String: why a query does not count for now; expires soon after it was to be started again. */
    public static String waits(String query) {
        return "g:waits:" + query;
    }

    /** String: why a query does not go on; not there while it counts or may be started again. */
    public static String ended(String query) {
        return "g:ended:" + query;
    }

    /**
     * Hash from the name of an attribute to its value.
     *
     * @param prefix what the attributes are of, such as {@code user}
     * @param version number of the version: all attributes of a prefix change at once
     * @param id whose attributes; the braces are Redis Cluster's hash tag
     */
    public static String attributes(String prefix, long version, String id) {
        return "g:" + prefix + ":" + version + ":{" + encode(id) + "}";
    }

    /** Glob of the attributes of all versions. */
    public static String attributesGlob(String prefix) {
        return "g:" + prefix + ":*:{*}";
    }

    /** The version in a key of {@link #attributes}; -1 when it is no such key. */
    public static long attributesVersion(String prefix, String key) {
        int from = "g::".length() + prefix.length();
        int to = key.indexOf(":{", from);
        try {
            return to < 0 || !key.startsWith("g:" + prefix + ":") ? -1 : Long.parseLong(key.substring(from, to));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The id in a key of {@link #attributes}. */
    public static String attributesId(String key) {
        return decode(key.substring(key.indexOf(":{") + 2, key.length() - 1));
    }

    /** Hash: the version of a prefix that readers use ({@link AttributeVersion}). */
    public static String attributesCurrent(String prefix) {
        return "g:{" + prefix + "}:current";
    }

    /** One of the writer's own keys of a prefix: {@code last, loading, retired, lock}; all in one slot. */
    public static String attributesState(String prefix, String what) {
        return "g:{" + prefix + "}:" + what;
    }

    private static String encode(String value) {
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c == 0x7f || RESERVED.indexOf(c) >= 0) {
                // U+0000 itself must differ from NULL
                out.append(c == 0 ? "%0000" : String.format("%%%02X", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String decode(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                out.append(c);
            } else if (text.startsWith("0000", i + 1)) {
                out.append('\0');
                i += 4;
            } else {
                out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            }
        }
        return out.toString();
    }
}
