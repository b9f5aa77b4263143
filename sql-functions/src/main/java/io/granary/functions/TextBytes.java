package io.granary.functions;

import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** The bytes of a text where they lie, on heap or off it, without a copy. */
public final class TextBytes {
    private TextBytes() {}

    /** @param index from 0 to below {@code text.numBytes()}, which is not checked */
    public static byte at(UTF8String text, int index) {
        return Platform.getByte(text.getBaseObject(), text.getBaseOffset() + index);
    }

    /** Index of the first such byte in {@code [from, to)}, or -1. */
    public static int indexOf(UTF8String text, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (at(text, i) == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** A part of the same bytes, which lives as long as they do: nothing is copied. */
    public static UTF8String slice(UTF8String text, int from, int to) {
        return UTF8String.fromAddress(text.getBaseObject(), text.getBaseOffset() + from, to - from);
    }
}
