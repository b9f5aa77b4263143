package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flume.ChannelException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A writer that writes, stops mid-line and rotates at random, and an agent that is stopped and killed at random. */
class LogTailSourceRandomTest {
    private static final int STEPS = 400;

    @TempDir
    private Path folder;

    /** {@code -Dgranary.seeds=500} tries more. */
    static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= Long.getLong("granary.seeds", 20); seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyByteArrivesAndEveryLineIsCounted(long seed) throws IOException {
        Random random = new Random(seed);
        Rig rig = new Rig(folder);
        rig.with("chunkBytes", "64").with("maxLineBytes", "128").with("heartbeatMs", "700").with("batchBytes", "512");
        rig.with("saveMs", Integer.toString(random.nextInt(500)));
        rig.with("scanMs", Integer.toString(random.nextInt(300)));
        rig.start();
        List<ByteArrayOutputStream> written = new ArrayList<>();
        written.add(new ByteArrayOutputStream());
        int rotations = 0;
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(12)) {
                case 0 -> {
                    rig.stop();
                    rig.start();
                }
                case 1 -> {
                    rig.kill();
                    rig.start();
                }
                case 2 -> rotations = rotate(rig, written, rotations, random);
                case 3 -> rig.failing = random.nextBoolean();
                case 4 -> rig.pass(Rig.CLOSE.dividedBy(20));
                case 5, 6, 7 -> tick(rig);
                default -> write(rig, written.get(written.size() - 1), random);
            }
        }
        rig.failing = false;
        byte[] last = "last\n".getBytes(); // a new file beside them shows that the others are rotated
        rig.append("access.log", last);
        written.get(written.size() - 1).writeBytes(last);
        rig.drain();
        for (int i = 0; i < 3; i++) {
            rig.pass(Rig.CLOSE);
            rig.drain();
        }
        check(rig, written);
    }

    private static void tick(Rig rig) {
        try {
            rig.tick();
        } catch (ChannelException e) {
            assertThat(rig.failing).isTrue();
        }
    }

    /** Only a file whose name the agent could see is rotated: one that comes and goes between two looks is never seen. */
    private static int rotate(Rig rig, List<ByteArrayOutputStream> written, int rotations, Random random)
            throws IOException {
        if (written.get(written.size() - 1).size() == 0) {
            return rotations;
        }
        for (int i = rotations; i > 0; i--) {
            Files.move(rig.log("access.log." + i), rig.log("access.log." + (i + 1)));
        }
        Files.move(rig.log("access.log"), rig.log("access.log.1"));
        if (random.nextBoolean()) {
            byte[] late = "late after the rename\n".getBytes();
            rig.append("access.log.1", late);
            written.get(written.size() - 1).writeBytes(late);
        }
        written.add(new ByteArrayOutputStream());
        return rotations + 1;
    }

    private static void write(Rig rig, ByteArrayOutputStream truth, Random random) throws IOException {
        byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 400 : 40)];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            if (random.nextInt(15) == 0) {
                bytes[i] = '\n';
            }
        }
        rig.append("access.log", bytes);
        truth.writeBytes(bytes);
    }

    private static void check(Rig rig, List<ByteArrayOutputStream> written) {
        Map<String, byte[]> files = rig.files();
        List<byte[]> whole = new ArrayList<>();
        for (ByteArrayOutputStream file : written) {
            byte[] bytes = file.toByteArray();
            byte[] arrived = files.values().stream()
                    .filter(f -> f.length > 0 && startsWith(bytes, f))
                    .max((a, b) -> Integer.compare(a.length, b.length))
                    .orElse(new byte[0]);
            assertThat(arrived).isEqualTo(bytes);
            whole.add(arrived);
        }
        assertThat(files).hasSize(whole.size());
        for (Rig.Sent sent : rig.sent) {
            byte[] file = files.get(sent.header("file"));
            assertThat(sent.body().length).isLessThanOrEqualTo(128);
            assertThat(sent.number("first_line")).isEqualTo(1 + lines(file, 0, (int) sent.number("start")));
            assertThat(sent.number("lines"))
                    .isEqualTo(lines(file, (int) sent.number("start"), (int) sent.number("end")));
        }
    }

    private static boolean startsWith(byte[] whole, byte[] part) {
        return part.length <= whole.length
                && java.util.Arrays.mismatch(whole, 0, part.length, part, 0, part.length) < 0;
    }

    /** Counts as the contract does: pieces of 128 bytes of a line that is too long are lines. */
    private static long lines(byte[] file, int from, int to) {
        long lines = 0;
        int length = 0;
        int lineStart = from;
        for (int i = from; i < to; i++) {
            length = i - lineStart + 1;
            if (file[i] == '\n' || length == 128) {
                lines++;
                lineStart = i + 1;
            }
        }
        return lines + (lineStart < to ? 1 : 0);
    }
}
