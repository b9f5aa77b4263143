package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flume.ChannelException;
import org.apache.flume.Context;
import org.apache.flume.Event;
import org.apache.flume.PollableSource;
import org.apache.flume.channel.ChannelProcessor;

/** A source with its folder, its clock and a channel that keeps what it takes. */
final class Rig {
    static final Duration CLOSE = Duration.ofSeconds(10);

    /** A chunk as it reached the channel. */
    record Sent(Map<String, String> headers, byte[] body) {
        String header(String name) {
            return headers.get(name);
        }

        long number(String name) {
            return Long.parseLong(headers.get(name));
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** A clock that moves when the test says so. */
    private static final class Hand extends Clock {
        private Instant now = Instant.parse("2026-11-01T10:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    /** The channel: takes a batch whole, or nothing of it. */
    private final class Channel extends ChannelProcessor {
        Channel() {
            super(null);
        }

        @Override
        public void processEventBatch(List<Event> events) {
            if (failing) {
                throw new ChannelException("the channel is away");
            }
            for (Event e : events) {
                boolean beat = "heartbeat".equals(e.getHeaders().get("kind"));
                (beat ? heartbeats : sent).add(new Sent(Map.copyOf(e.getHeaders()), e.getBody()));
            }
        }
    }

    final Path logs;
    final Path inbox;
    final Path positions;
    final List<Sent> sent = new ArrayList<>();
    final List<Sent> heartbeats = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    boolean failing;
    private final Hand clock = new Hand();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private LogTailSource source;
    private boolean isUp;

    Rig(Path folder) throws IOException {
        logs = Files.createDirectories(folder.resolve("logs"));
        inbox = Files.createDirectories(folder.resolve("inbox"));
        positions = folder.resolve("data/positions.json");
        with("source", "traffic.access_log").with("region", "north").with("host", "web-1");
        with("files", "f1 inbox").with("files.f1.site", "demo-shop").with("files.f1.glob", logs + "/access.log*");
        with("files.inbox.glob", inbox + "/*/*.log").with("files.inbox.identity", "name");
        with("positionFile", positions.toString()).with("scanMs", "0").with("saveMs", "0");
        with("closeMs", Long.toString(CLOSE.toMillis())).with("lockFolder", folder + "/locks");
    }

    Rig with(String key, String value) {
        settings.put(key, value);
        return this;
    }

    Rig without(String key) {
        settings.remove(key);
        return this;
    }

    /** What was complained of. */
    List<String> said() {
        return said;
    }

    Rig start() {
        source = new LogTailSource(clock, new Complaints(said::add));
        source.setName("s");
        source.setChannelProcessor(new Channel());
        source.configure(new Context(settings));
        return startAgain();
    }

    /** Starts the same source that was stopped. */
    Rig startAgain() {
        source.start();
        isUp = true;
        return this;
    }

    void stop() {
        isUp = false;
        source.stop();
    }

    /** Ends the process without a word: nothing is saved, nothing is closed in an orderly way. */
    void kill() {
        source.release();
        isUp = false;
        source = null;
    }

    PollableSource.Status tick() {
        clock.now = clock.now.plusMillis(100);
        return source.process();
    }

    /** One look, if the agent runs; a channel that fails is no matter. */
    void tickIfUp() {
        try {
            if (isUp) {
                tick();
            }
        } catch (ChannelException e) {
            if (!failing) {
                throw e;
            }
        }
    }

    /** Ticks until everything is read that can be read now. */
    void drain() {
        while (tick() == PollableSource.Status.READY) {
            // goes on
        }
        tick();
    }

    void pass(Duration time) {
        clock.now = clock.now.plus(time);
    }

    Path log(String name) {
        return logs.resolve(name);
    }

    void append(String name, String text) throws IOException {
        append(name, text.getBytes(StandardCharsets.UTF_8));
    }

    void append(String name, byte[] bytes) throws IOException {
        Files.write(log(name), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Puts a file into the inbox as `granary ingest` does: whole, by a rename. */
    Path ingest(String site, String name, String text) throws IOException {
        Path folder = Files.createDirectories(inbox.resolve(site));
        Path part = Files.writeString(folder.resolve(".part"), text);
        return Files.move(part, folder.resolve(name + ".log"));
    }

    String text() {
        StringBuilder all = new StringBuilder();
        sent.forEach(s -> all.append(s.text()));
        return all.toString();
    }

    /** Every generation's bytes put together by offset; fails on a hole, and where two chunks disagree. */
    Map<String, byte[]> files() {
        Map<String, byte[]> files = new TreeMap<>();
        for (Sent s : sent) {
            byte[] known = files.getOrDefault(s.header("file"), new byte[0]);
            int start = (int) s.number("start");
            if (start > known.length) {
                throw new AssertionError("hole in " + s.header("file") + " between " + known.length + " and " + start);
            }
            int end = start + s.body().length;
            byte[] more = java.util.Arrays.copyOf(known, Math.max(known.length, end));
            for (int i = start; i < end; i++) {
                if (i < known.length && known[i] != s.body()[i - start]) {
                    throw new AssertionError("two chunks of " + s.header("file") + " differ at byte " + i);
                }
                more[i] = s.body()[i - start];
            }
            files.put(s.header("file"), more);
        }
        return files;
    }
}
