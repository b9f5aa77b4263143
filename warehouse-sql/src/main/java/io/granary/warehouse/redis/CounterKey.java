package io.granary.warehouse.redis;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key of a counter, taken apart (docs/contracts.md, section 9).
 *
 * @param reason of {@link Kind#UNCOUNTED} only
 * @param bucket first second of the window, epoch seconds
 * @param measure of members, sketches and ranks only
 * @param by encoded values of the dimensions, of ranks those of {@code within}; empty in the kinds that hold many
 */
public record CounterKey(
        Kind kind, int shard, String reason, String counter, String window, long bucket, String measure, String by) {
    private static final Pattern KEY = Pattern.compile("g:\\{(\\d+)}:([cuhtx]):(.*)", Pattern.DOTALL);

    /** What a key holds. */
    public enum Kind {
        VALUES('c'),
        MEMBERS('u'),
        SKETCH('h'),
        RANKS('t'),
        UNCOUNTED('x');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        private boolean isOfMeasure() {
            return this == MEMBERS || this == SKETCH || this == RANKS;
        }

        private static Kind of(char letter) {
            for (Kind kind : values()) {
                if (kind.letter == letter) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of key: " + letter);
        }
    }

    /** The glob of all keys of all counters; few others match it. */
    public static final String GLOB = "g:{*}:[cuhtx]:*";

    /** The key as Redis has it. */
    public String text() {
        StringBuilder text = new StringBuilder(64)
                .append("g:{")
                .append(shard)
                .append("}:")
                .append(kind.letter)
                .append(':');
        if (kind == Kind.UNCOUNTED) {
            text.append(reason).append(':');
        }
        text.append(counter).append(':').append(window).append(':').append(bucket);
        if (kind.isOfMeasure()) {
            text.append(':').append(measure).append(':').append(by);
        }
        return text.toString();
    }

    /** The same bucket's {@link Kind#VALUES}. */
    public CounterKey values() {
        return new CounterKey(Kind.VALUES, shard, "", counter, window, bucket, "", "");
    }

    /** The same measure's key of another combination. */
    public CounterKey of(String otherBy) {
        return new CounterKey(kind, shard, reason, counter, window, bucket, measure, otherBy);
    }

    /** Takes a key apart; nothing when it is not a counter's. */
    public static Optional<CounterKey> parse(String key) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Kind kind = Kind.of(matcher.group(2).charAt(0));
        int at = kind == Kind.UNCOUNTED ? 1 : 0;
        String[] parts = matcher.group(3).split(":", -1);
        if (parts.length != 3 + at + (kind.isOfMeasure() ? 2 : 0)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new CounterKey(
                    kind,
                    Integer.parseInt(matcher.group(1)),
                    at == 0 ? "" : parts[0],
                    parts[at],
                    parts[at + 1],
                    Long.parseLong(parts[at + 2]),
                    kind.isOfMeasure() ? parts[at + 3] : "",
                    kind.isOfMeasure() ? parts[at + 4] : ""));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
