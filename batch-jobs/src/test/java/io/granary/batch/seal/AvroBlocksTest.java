package io.granary.batch.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvroBlocksTest {
    private static final Instant TEN = Instant.parse("2026-11-01T10:30:00Z");

    @TempDir
    private Path folder;

    @Test
    void aFileThatGrowsByteByByteGivesEveryBlockOnce() throws IOException {
        byte[] whole = file(5);
        List<String> starts = new ArrayList<>();
        long position = 0;
        int copies = 0;
        for (int length = 0; length <= whole.length; length++) {
            ByteArrayOutputStream copy = new ByteArrayOutputStream();
            long next = copied(Arrays.copyOf(whole, length), position, copy);
            if (next > position) {
                copies++;
                starts.addAll(starts(copy.toByteArray()));
            } else {
                assertThat(copy.size()).isZero();
            }
            position = next;
        }

        assertThat(position).isEqualTo(whole.length);
        assertThat(copies).isEqualTo(5);
        assertThat(starts).containsExactly("0", "10", "20", "30", "40");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        assertThat(copied(whole, 0, all)).isEqualTo(whole.length);
        assertThat(all.toByteArray()).isEqualTo(whole);
    }

    @Test
    void aFileThatWasCutOrIsDamagedIsNamed() throws IOException {
        byte[] whole = file(3);
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        long end = copied(whole, 0, copy);
        assertThatThrownBy(() -> copied(Arrays.copyOf(whole, whole.length - 30), end, copy))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("/landing/a.1.avro.tmp has " + (whole.length - 30) + " bytes")
                .hasMessageContaining("to byte " + end);

        byte[] damaged = whole.clone();
        damaged[whole.length - 1] ^= 1;
        assertThatThrownBy(() -> copied(damaged, 0, copy)).hasMessageContaining("/landing/a.1.avro.tmp is damaged");
        assertThatThrownBy(() -> copied(whole, end - 1, copy)).hasMessageContaining("is damaged");
    }

    /** Blocks of one chunk of ten bytes each. */
    private byte[] file(int chunks) throws IOException {
        LandedChunks landed = new LandedChunks(folder, "t.s");
        for (int i = 0; i < chunks; i++) {
            landed.chunk("web1", "f", i * 10L, i + 1L, TEN, "123456789\n");
        }
        return Files.readAllBytes(landed.land(TEN, "web1.1.avro"));
    }

    private static long copied(byte[] bytes, long from, ByteArrayOutputStream copy) throws IOException {
        AvroBlocks.Source source = new AvroBlocks.Source() {
            @Override
            public InputStream from(long position) {
                return new ByteArrayInputStream(bytes, (int) position, bytes.length - (int) position);
            }

            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public void close() {}
        };
        try (AvroBlocks blocks = AvroBlocks.open(source, "/landing/a.1.avro.tmp")) {
            return blocks.copy(from, () -> copy);
        }
    }

    private static List<String> starts(byte[] file) throws IOException {
        List<String> starts = new ArrayList<>();
        try (DataFileStream<GenericRecord> records =
                new DataFileStream<>(new ByteArrayInputStream(file), new GenericDatumReader<>())) {
            records.forEach(r -> ((java.util.Map<?, ?>) r.get("headers")).forEach((k, v) -> {
                if (k.toString().equals("start")) {
                    starts.add(v.toString());
                }
            }));
        }
        return starts;
    }
}
