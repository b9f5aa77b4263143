package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NewlinesTest {
    @Test
    void countsAsOneByteAtATimeDoesWhateverTheBytes() {
        Random random = new Random(4);
        for (int length = 0; length < 5000; length += 1 + length / 40) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            int begin = random.nextInt(length / 3 + 1);
            int expected = 0;
            for (int i = 0; i < length; i++) {
                if (random.nextInt(3) == 0) {
                    bytes[i] = (byte) (random.nextBoolean() ? '\n' : '\n' | 0x80);
                }
                expected += i >= begin && bytes[i] == '\n' ? 1 : 0;
            }
            assertThat(Newlines.count(bytes, begin, length))
                    .as("%d bytes from %d", length, begin)
                    .isEqualTo(expected);
        }
    }

    @Test
    void countsWhereEveryByteIsOne() {
        byte[] bytes = new byte[100_003];
        Arrays.fill(bytes, (byte) '\n');
        assertThat(Newlines.count(bytes, 0, bytes.length)).isEqualTo(bytes.length);
    }
}
