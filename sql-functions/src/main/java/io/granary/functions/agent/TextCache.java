package io.granary.functions.agent;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What was made of a text, kept for the next time: as many entries as it has places, no locks, no order to keep. A text
 * has two places; the newer of the two texts in them stays when a third one comes. Long texts are not kept, which bounds
 * its memory.
 */
final class TextCache<V> {
    private static final int LONGEST_BYTES = 512;

    private record Entry<V>(int hash, UTF8String text, V value) {
        boolean isOf(int otherHash, UTF8String other) {
            return hash == otherHash && text.equals(other);
        }
    }

    private final AtomicReferenceArray<Entry<V>> places;
    private final Function<String, V> making;

    /**
     * @param places how many; a power of two
     * @param making gives the same for the same text, and never null
     */
    TextCache(int places, Function<String, V> making) {
        this.places = new AtomicReferenceArray<>(places);
        this.making = making;
    }

    V of(UTF8String text) {
        int hash = text.hashCode();
        int place = hash & (places.length() - 1);
        Entry<V> newer = places.getAcquire(place);
        if (newer != null && newer.isOf(hash, text)) {
            return newer.value();
        }
        Entry<V> older = places.getAcquire(place ^ 1);
        if (older != null && older.isOf(hash, text)) {
            return older.value();
        }
        V value = making.apply(text.toString());
        if (text.numBytes() <= LONGEST_BYTES) {
            if (newer != null) {
                places.setRelease(place ^ 1, newer);
            }
            places.setRelease(place, new Entry<>(hash, text.copy(), value));
        }
        return value;
    }
}
