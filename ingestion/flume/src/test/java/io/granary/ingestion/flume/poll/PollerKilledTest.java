package io.granary.ingestion.flume.poll;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A poller is killed again and again while rows are inserted and updated, some in transactions that end late: in the end
 * each row's last version is in the journal, no version is there twice, and no byte that a reader has seen has changed.
 */
class PollerKilledTest {
    private static final int KILLS = Integer.getInteger("granary.faults.pollers", 4);

    @TempDir
    private Path folder;

    private final Random random = new Random(8);
    private final Map<Path, byte[]> seen = new HashMap<>();
    private final Map<Integer, Integer> versions = new HashMap<>();

    @Test
    void nothingIsLostOrWrittenTwice() throws Exception {
        PollRig.sql("CREATE TABLE k1 (id INT PRIMARY KEY, version INT NOT NULL, at DATETIME(6), KEY (at))");
        PollRig rig = new PollRig(
                folder,
                "k1",
                "columns",
                "id,version",
                "watermark",
                "at",
                "key",
                "id",
                "batchBytes",
                "200",
                "fileBytes",
                "4000",
                "pageRows",
                "40",
                "overlap",
                "2s");
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> write(done));
        writer.start();
        for (int kill = 0; kill < KILLS; kill++) {
            Process poller = start(rig);
            assertThat(poller.inputReader().readLine()).isEqualTo("ready");
            long before = bytes();
            long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (bytes() == before && System.nanoTime() < until) {
                Thread.sleep(10);
                compare(rig);
            }
            for (int i = random.nextInt(60); i > 0; i--) {
                Thread.sleep(10);
                compare(rig);
            }
            poller.destroyForcibly().waitFor();
            compare(rig);
        }
        done.set(true);
        writer.join();
        rig.look();
        compare(rig);
        Map<Integer, Integer> last = new HashMap<>();
        long sequence = 0;
        List<JsonNode> lines = rig.lines();
        for (JsonNode line : lines) {
            assertThat(line.get("_sequence").asLong()).isEqualTo(++sequence);
            Integer before =
                    last.put(line.get("id").asInt(), line.get("version").asInt());
            assertThat(line.get("version").asInt())
                    .as("a version after %s of %s", before, line)
                    .isGreaterThan(before == null ? 0 : before);
        }
        assertThat(last).isEqualTo(versions);
        assertThat(lines.size()).as("versions that were found").isGreaterThan(last.size());
        assertThat(rig.said).isEmpty();
        System.out.printf(
                "poller killed %d times: %d rows, %d versions in %d files, each once%n",
                KILLS, last.size(), lines.size(), rig.files().size());
    }

    private void write(AtomicBoolean done) {
        Random choice = new Random(9);
        try (Connection one = PollRig.session();
                Connection other = PollRig.session()) {
            other.setAutoCommit(false);
            for (int id = 0; !done.get(); id++) {
                if (id % 9 == 0) {
                    other.commit();
                }
                // the second session's rows become visible later than their time says
                set(id % 4 == 0 ? other : one, id, 1);
                int changed = choice.nextInt(id + 1);
                if (changed % 4 != 0) {
                    set(one, changed, versions.get(changed) + 1);
                }
                Thread.sleep(2);
            }
            other.commit();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void set(Connection connection, int id, int version) throws Exception {
        PollRig.run(connection, "REPLACE INTO k1 VALUES (" + id + ", " + version + ", UTC_TIMESTAMP(6))");
        versions.put(id, version);
    }

    private Process start(PollRig rig) throws IOException {
        Properties settings = new Properties();
        settings.putAll(rig.settings());
        Path file = folder.resolve("settings.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                        "surefire.test.class.path",
                        ManagementFactory.getRuntimeMXBean().getClassPath()),
                PollProcess.class.getName(),
                file.toString());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private long bytes() {
        return seen.values().stream().mapToLong(bytes -> bytes.length).sum();
    }

    /** Whole lines that were there are still there, at the same place. */
    private void compare(PollRig rig) throws IOException {
        if (!Files.exists(rig.journal)) {
            return;
        }
        for (Path file : rig.files()) {
            byte[] now = whole(Files.readAllBytes(file));
            byte[] before = seen.getOrDefault(file, new byte[0]);
            assertThat(now.length).isGreaterThanOrEqualTo(before.length);
            assertThat(Arrays.equals(before, 0, before.length, now, 0, before.length))
                    .as("the first %d bytes of %s", before.length, file)
                    .isTrue();
            seen.put(file, now);
        }
    }

    private static byte[] whole(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }
}
