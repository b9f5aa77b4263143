package io.granary.ingestion.flume.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.flume.ChannelException;
import org.apache.flume.Context;
import org.apache.flume.Event;
import org.apache.flume.channel.ChannelProcessor;
import org.apache.flume.conf.ConfigurationException;
import org.apache.flume.source.PollableSourceRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source as Flume runs it: from a row of a real database to chunks in the channel. */
class TablePollSourceTest {
    @TempDir
    private Path folder;

    private final List<Event> sent = new CopyOnWriteArrayList<>();
    private volatile boolean away;

    private final class Channel extends ChannelProcessor {
        Channel() {
            super(null);
        }

        @Override
        public void processEventBatch(List<Event> events) {
            if (away) {
                throw new ChannelException("the channel is away");
            }
            events.stream()
                    .filter(e -> !"heartbeat".equals(e.getHeaders().get("kind")))
                    .forEach(sent::add);
        }
    }

    @Test
    void changedRowsBecomeChunksWithExactOffsetsAndWhatWasSentIsRemoved() throws Exception {
        PollRig.sql(
                "CREATE TABLE s1 (id INT PRIMARY KEY, at DATETIME(6))",
                "INSERT INTO s1 SELECT seq, UTC_TIMESTAMP(6) FROM seq_1_to_200");
        PollRig rig = new PollRig(
                folder,
                "s1",
                "columns",
                "id",
                "watermark",
                "at",
                "key",
                "id",
                "fileBytes",
                "2000",
                "batchBytes",
                "500");
        PollableSourceRunner first = start(rig);
        await(() -> lines() >= 200);
        PollRig.sql("UPDATE s1 SET at = UTC_TIMESTAMP(6) WHERE id = 7");
        await(() -> lines() >= 201);
        away = true;
        PollRig.sql("INSERT INTO s1 VALUES (1000, UTC_TIMESTAMP(6))");
        Thread.sleep(300);
        first.stop();
        away = false;
        PollRig.sql("INSERT INTO s1 VALUES (1001, UTC_TIMESTAMP(6))");
        PollableSourceRunner second = start(rig);
        await(() -> lines() >= 203);
        await(() -> files(rig) <= 2);
        second.stop();

        Map<String, ByteArrayOutputStream> files = new TreeMap<>();
        for (Event event : sent) {
            Map<String, String> header = event.getHeaders();
            assertThat(header).containsEntry("source", "shop.change").containsEntry("site", "shop");
            ByteArrayOutputStream file = files.computeIfAbsent(header.get("file"), f -> new ByteArrayOutputStream());
            assertThat(header.get("start")).isEqualTo("" + file.size());
            assertThat(header.get("first_line"))
                    .isEqualTo("" + (1 + text(file).lines().count()));
            file.writeBytes(event.getBody());
            assertThat(header.get("end")).isEqualTo("" + file.size());
        }
        assertThat(files).hasSizeGreaterThan(3);
        List<String> all = files.values().stream().flatMap(f -> text(f).lines()).toList();
        assertThat(all).hasSize(203);
        assertThat(all.stream()
                        .map(l -> l.replaceAll(".*_sequence\":(\\d+),.*", "$1"))
                        .map(Integer::valueOf))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 203).boxed().toList());
    }

    @Test
    void aWrongSettingIsRefusedByName() throws Exception {
        PollRig rig = new PollRig(folder, "s2", "columns", "id", "watermark", "at", "key", "id", "evry", "5s");
        assertThatThrownBy(() -> new TablePollSource().configure(context(rig)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("TablePollSource has no setting 'poll.evry'");
    }

    private Context context(PollRig rig) {
        Context context = new Context(rig.settings());
        Map.of(
                        "region",
                        "local",
                        "host",
                        "web-1",
                        "positionFile",
                        folder.resolve("positions.json").toString(),
                        "partitions",
                        "4",
                        "poll.site",
                        "shop",
                        "scanMs",
                        "20",
                        "flushMs",
                        "10",
                        "saveMs",
                        "20",
                        "lockFolder",
                        folder.resolve("locks").toString())
                .forEach(context::put);
        return context;
    }

    private PollableSourceRunner start(PollRig rig) {
        TablePollSource source = new TablePollSource();
        source.setName("shop-change");
        source.configure(context(rig));
        source.setChannelProcessor(new Channel());
        PollableSourceRunner runner = new PollableSourceRunner();
        runner.setSource(source);
        runner.start();
        return runner;
    }

    private long lines() {
        return sent.stream()
                .mapToLong(e -> Long.parseLong(e.getHeaders().get("lines")))
                .sum();
    }

    private static int files(PollRig rig) {
        try {
            return rig.files().size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void await(BooleanSupplier wanted) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!wanted.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            Thread.sleep(20);
        }
    }
}
