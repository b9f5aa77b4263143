package io.granary.functions;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.unsafe.types.UTF8String;

/** Texts that no one would write: bytes of all kinds, and pieces of true ones put together at random. */
public final class RandomTexts {
    private RandomTexts() {}

    /** Any bytes, so mostly no UTF-8. */
    public static Stream<UTF8String> bytes(long seed, int count) {
        Random random = new Random(seed);
        return Stream.generate(() -> {
                    byte[] bytes = new byte[random.nextInt(60)];
                    random.nextBytes(bytes);
                    return UTF8String.fromBytes(bytes);
                })
                .limit(count);
    }

    /** Up to {@code most} of {@code pieces} one behind the other. */
    public static Stream<String> of(List<String> pieces, int most, long seed, int count) {
        Random random = new Random(seed);
        return Stream.generate(() -> {
                    StringBuilder text = new StringBuilder();
                    for (int i = random.nextInt(most + 1); i > 0; i--) {
                        text.append(pieces.get(random.nextInt(pieces.size())));
                    }
                    return text.toString();
                })
                .limit(count);
    }
}
