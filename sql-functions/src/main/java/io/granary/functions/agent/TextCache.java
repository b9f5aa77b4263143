package io.granary.functions.agent;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What was made of a text, kept for the next time: as many entries as it has places, no locks, nothing written when a text
 * is found. A text may stand in {@value #WAYS} places, where the oldest makes room for a new one; threads that put two
 * there at once may lose one, which is made again. Long texts are not kept, which bounds its memory.
 */
final class TextCache<V> {
    private static final int LONGEST_BYTES = 512;
    /** Places that a text may have; a power of two. */
    private static final int WAYS = 8;

    private record Entry<V>(int hash, UTF8String text, V value) {
        boolean isOf(int otherHash, UTF8String other) {
            return hash == otherHash && text.equals(other);
        }
    }

    private final AtomicReferenceArray<Entry<V>> places;
    private final Function<String, V> making;

    /**
     * @param places how many; a power of two, at least {@value #WAYS}
     * @param making gives the same for the same text, and never null
     */
    TextCache(int places, Function<String, V> making) {
        this.places = new AtomicReferenceArray<>(places);
        this.making = making;
    }

    V of(UTF8String text) {
        int hash = text.hashCode();
        int first = hash & (places.length() - 1) & -WAYS;
        for (int i = first; i < first + WAYS; i++) {
            Entry<V> entry = places.getAcquire(i);
            if (entry == null) {
                break;
            }
            if (entry.isOf(hash, text)) {
                return entry.value();
            }
        }
        V value = making.apply(text.toString());
        if (text.numBytes() <= LONGEST_BYTES) {
            for (int i = first + WAYS - 1; i > first; i--) {
                places.setRelease(i, places.getAcquire(i - 1));
            }
            places.setRelease(first, new Entry<>(hash, text.copy(), value));
        }
        return value;
    }
}
