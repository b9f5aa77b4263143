package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flume.Context;
import org.apache.flume.Event;
import org.apache.flume.FlumeException;
import org.apache.flume.PollableSource;
import org.apache.flume.conf.Configurable;
import org.apache.flume.event.EventBuilder;
import org.apache.flume.instrumentation.SourceCounter;
import org.apache.flume.source.AbstractSource;

/**
 * A Flume source that follows the files of one log source and sends their lines in chunks (docs/contracts.md, section
 * 6). Settings: {@link TailSettings}.
 *
 * <p>Positions are saved after the channel has taken the chunks, so an agent that dies sends some lines again and
 * leaves none out. A last line without newline waits until it ends, or until the file is finished: rotated away (its
 * name changed or vanished, or it is {@code x.1} beside {@code x}) and quiet for {@code closeMs}.
 */
public final class LogTailSource extends AbstractSource implements PollableSource, Configurable {
    /** The {@code host} of files that a person put into the inbox. */
    static final String INBOX = "inbox";

    private final Clock clock;
    private final Complaints complaints = new Complaints();
    private TailSettings settings;
    private SourceCounter counter;
    private PositionFile positionFile;
    private ChunkReader reader;
    private Tails tails;
    private Instant scannedAt;
    private Instant savedAt;
    private boolean unsaved;

    public LogTailSource() {
        this(Clock.systemUTC());
    }

    LogTailSource(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void configure(Context context) {
        settings = TailSettings.of(context);
        if (counter == null) {
            counter = new SourceCounter(getName());
        }
    }

    /**
     * Reads the saved positions.
     *
     * @throws io.granary.warehouse.error.GranaryException when they are broken
     */
    @Override
    public synchronized void start() {
        positionFile = new PositionFile(settings.positionFile());
        try {
            Files.createDirectories(settings.positionFile().toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new FlumeException("cannot make the folder of position file " + settings.positionFile(), e);
        }
        tails = new Tails(settings, positionFile.load(), complaints);
        reader = new ChunkReader(settings.chunkBytes(), settings.maxLineBytes());
        scannedAt = Instant.MIN;
        savedAt = Instant.MIN;
        unsaved = false;
        counter.start();
        super.start();
    }

    @Override
    public synchronized void stop() {
        super.stop();
        if (tails != null) {
            savedAt = Instant.MIN;
            save(clock.instant());
            try {
                tails.closeAll();
            } catch (IOException e) {
                complaints.say(clock.instant(), "cannot close the files of " + settings.source() + ": " + e);
            }
        }
        counter.stop();
    }

    @Override
    public long getBackOffSleepIncrement() {
        return settings.flush().toMillis();
    }

    @Override
    public long getMaxBackOffSleepInterval() {
        return settings.flush().toMillis();
    }

    /** Sends what is there, {@code batchBytes} at most; READY when there was that much. */
    @Override
    public synchronized Status process() {
        Instant now = clock.instant();
        if (scannedAt.equals(Instant.MIN)
                || !now.isBefore(scannedAt.plus(settings.scan()))
                || now.isBefore(scannedAt)) {
            tails.scan(now);
            scannedAt = now;
        }
        List<Tail.Chunk> batch = new ArrayList<>();
        boolean full = read(batch, now);
        if (!batch.isEmpty()) {
            send(batch, now);
        }
        save(now);
        return full ? Status.READY : Status.BACKOFF;
    }

    /** Fills a batch, one chunk of each file in turn; true when the batch is full. */
    private boolean read(List<Tail.Chunk> batch, Instant now) {
        long bytes = 0;
        List<Tail> waiting = new ArrayList<>(tails.open());
        waiting.removeIf(tail -> !hasLines(tail, now));
        while (!waiting.isEmpty()) {
            for (Iterator<Tail> turn = waiting.iterator(); turn.hasNext(); ) {
                Tail tail = turn.next();
                Optional<Tail.Chunk> chunk = next(tail, now);
                if (chunk.isEmpty()) {
                    turn.remove();
                    continue;
                }
                tails.served(tail);
                batch.add(chunk.get());
                bytes += chunk.get().body().length;
                if (bytes >= settings.batchBytes()) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean hasLines(Tail tail, Instant now) {
        try {
            if (tail.observe(now)) {
                tails.restart(tail, now);
            }
            if (tail.file() == null && tail.size() > 0) {
                tail.identify(reader, now, settings.close()).ifPresent(id -> tails.begin(tail, id));
            }
            return tail.file() != null && tail.mayHaveLines(now, settings.close());
        } catch (IOException e) {
            complaints.say(now, "cannot read " + tail.path() + " of " + settings.source() + ": " + e);
            return false;
        }
    }

    private Optional<Tail.Chunk> next(Tail tail, Instant now) {
        try {
            return tail.next(reader, now, settings.close());
        } catch (IOException e) {
            complaints.say(now, "cannot read " + tail.path() + " of " + settings.source() + ": " + e);
            return Optional.empty();
        }
    }

    private void send(List<Tail.Chunk> batch, Instant now) {
        List<Event> events = new ArrayList<>(batch.size());
        batch.forEach(chunk -> events.add(event(chunk, now)));
        counter.incrementAppendBatchReceivedCount();
        counter.addToEventReceivedCount(events.size());
        try {
            getChannelProcessor().processEventBatch(events);
        } catch (RuntimeException e) {
            counter.incrementChannelWriteFail();
            batch.forEach(chunk -> chunk.tail().rollBack());
            throw e;
        }
        counter.incrementAppendBatchAcceptedCount();
        counter.addToEventAcceptedCount(events.size());
        batch.forEach(chunk -> {
            chunk.tail().commit();
            tails.save(chunk.tail());
        });
    }

    private Event event(Tail.Chunk chunk, Instant now) {
        Tail tail = chunk.tail();
        String collectedAt = Long.toString(now.toEpochMilli());
        Map<String, String> headers = new HashMap<>(32);
        headers.put("source", settings.source());
        headers.put("site", tail.site());
        headers.put("region", settings.region());
        headers.put("host", tail.files().isByName() ? INBOX : settings.host());
        headers.put("file", tail.file());
        headers.put("start", Long.toString(chunk.start()));
        headers.put("end", Long.toString(chunk.end()));
        headers.put("first_line", Long.toString(chunk.firstLine()));
        headers.put("lines", Integer.toString(chunk.lines()));
        headers.put("collected_at", collectedAt);
        headers.put("timestamp", collectedAt);
        headers.put("partition", Integer.toString(tail.position().partition()));
        return EventBuilder.withBody(chunk.body(), headers);
    }

    private void save(Instant now) {
        unsaved |= tails.changed();
        if (!unsaved
                || !savedAt.equals(Instant.MIN)
                        && now.isBefore(savedAt.plus(settings.save()))
                        && !now.isBefore(savedAt)) {
            return;
        }
        try {
            positionFile.save(tails.positions());
            unsaved = false;
        } catch (IOException e) {
            complaints.say(
                    now,
                    "cannot write position file " + settings.positionFile()
                            + ", an agent that starts now would send lines again: " + e);
        }
        savedAt = now;
    }
}
