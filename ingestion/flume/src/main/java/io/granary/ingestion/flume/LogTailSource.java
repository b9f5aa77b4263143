package io.granary.ingestion.flume;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flume.Context;
import org.apache.flume.Event;
import org.apache.flume.PollableSource;
import org.apache.flume.conf.Configurable;
import org.apache.flume.instrumentation.SourceCounter;
import org.apache.flume.source.AbstractSource;

/**
 * A Flume source that follows the files of one log source and sends their lines in chunks, with heartbeats between them
 * (docs/contracts.md, section 6). Settings: {@link TailSettings}.
 *
 * <p>Positions are saved after the channel has taken the chunks, so an agent that dies sends some lines again and
 * leaves none out. A last line without newline waits until it ends, or until the file is finished: rotated away (its
 * name changed or vanished, or it is {@code x.1} beside {@code x}) and quiet for {@code closeMs}.
 */
public final class LogTailSource extends AbstractSource implements PollableSource, Configurable {
    private final Clock clock;
    private final Complaints complaints;
    private TailSettings settings;
    private SourceCounter counter;
    private Locks locks;
    private SavedPositions positions;
    private Generations generations;
    private Tails tails;
    private Records records;
    private Stamp stamp;
    private Heartbeats heartbeats;
    private Instant scannedAt;

    public LogTailSource() {
        this(Clock.systemUTC(), new Complaints());
    }

    LogTailSource(Clock clock, Complaints complaints) {
        this.clock = clock;
        this.complaints = complaints;
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
     * @throws io.granary.warehouse.error.GranaryException when they are broken, or another agent reads these files
     */
    @Override
    public synchronized void start() {
        SavedPositions.makeFolder(settings);
        locks = Locks.take(settings, complaints);
        try {
            load();
        } catch (RuntimeException e) {
            locks.close();
            throw e;
        }
        records = new Records(settings);
        stamp = new Stamp(complaints);
        heartbeats = new Heartbeats(settings, records, positions.agent());
        scannedAt = null;
        counter.start();
        super.start();
    }

    private void load() {
        positions = SavedPositions.load(settings, positions, clock, complaints);
        generations = positions.generations();
        tails = new Tails(settings, generations, complaints);
    }

    @Override
    public synchronized void stop() {
        super.stop();
        if (tails != null) {
            sayFarewell();
            positions.saveChanges(clock.instant());
            release();
        }
        counter.stop();
    }

    /** Lets go of files and locks, and saves nothing. */
    void release() {
        try {
            tails.closeAll();
        } catch (IOException e) {
            complaints.say(clock.instant(), "cannot close the files of " + settings.source() + ": " + e);
        }
        tails = null;
        locks.close();
    }

    /** The last heartbeat; a channel that does not take it does not hold up the stop. */
    private void sayFarewell() {
        Instant now = clock.instant();
        long time = stamp.at(now);
        Heartbeats.Beat beat = beat(true, time, now);
        new Farewell(settings.source(), complaints).say(getChannelProcessor(), beat.events(), now);
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
        if (isDue(scannedAt, settings.scan(), now)) {
            tails.scan(now);
            scannedAt = now;
        }
        sendLosses(now);
        List<Piece> batch = new ArrayList<>();
        Set<Tail> read = new HashSet<>();
        boolean full = read(batch, read, now);
        keepBackUnsaved(batch, read, now);
        send(batch, read, now);
        if (heartbeats.isDue(now)) {
            sendHeartbeat(now);
        }
        positions.saveWhenDue(now);
        return full && !batch.isEmpty() ? Status.READY : Status.BACKOFF;
    }

    /**
     * What the beginning of a generation is stands on disk before it is sent: else an agent that is killed then might not
     * know what it sent when the file has been copied and cut, or its inode is another file's, meanwhile; its lines would
     * come again as another generation's, or another's lines as its.
     */
    private void keepBackUnsaved(List<Piece> batch, Set<Tail> read, Instant now) {
        List<Tail> young = read.stream().filter(tail -> !isTold(tail)).toList();
        if (young.isEmpty()) {
            return;
        }
        young.forEach(tails::noteSending);
        positions.save(now);
        read.removeIf(tail -> {
            boolean waits = !isTold(tail);
            if (waits) {
                batch.removeIf(piece -> piece.id().equals(tail.file()));
                tail.rollBack();
                complaints.say(
                        now,
                        tail.path() + " of " + settings.source() + " is new and waits until position file "
                                + settings.positionFile() + " can be written");
            }
            return waits;
        });
    }

    private boolean isTold(Tail tail) {
        return positions.tells(tail.file(), tail.cursor().read().offset());
    }

    static boolean isDue(Instant last, Duration every, Instant now) {
        return last == null || now.isBefore(last) || !now.isBefore(last.plus(every));
    }

    /** Fills a batch, one piece of each file in turn; true when there is more. */
    private boolean read(List<Piece> batch, Set<Tail> read, Instant now) {
        long bytes = 0;
        boolean more = false;
        List<Tail> waiting = tails.ready(now);
        while (!waiting.isEmpty()) {
            for (Iterator<Tail> turn = waiting.iterator(); turn.hasNext(); ) {
                Tail tail = turn.next();
                Optional<Piece> piece = tails.next(tail, now);
                if (piece.isEmpty()) {
                    more |= tail.isFollowing();
                    turn.remove();
                    continue;
                }
                read.add(tail);
                batch.add(piece.get());
                bytes += piece.get().body().length;
                if (bytes >= settings.batchBytes()) {
                    return true;
                }
            }
        }
        return more;
    }

    private void send(List<Piece> batch, Set<Tail> read, Instant now) {
        if (batch.isEmpty()) {
            return;
        }
        long time = stamp.at(now);
        List<Event> events = new ArrayList<>(batch.size());
        batch.forEach(piece -> events.add(records.of(piece, time)));
        try {
            deliver(events);
        } catch (RuntimeException e) {
            read.forEach(Tail::rollBack);
            throw e;
        }
        read.forEach(tails::commit);
    }

    private void sendLosses(Instant now) {
        List<Loss> losses = tails.losses();
        if (losses.isEmpty()) {
            return;
        }
        long time = stamp.at(now);
        deliver(losses.stream().map(loss -> records.of(loss.piece(), time)).toList());
        losses.forEach(tails::sent);
    }

    private void sendHeartbeat(Instant now) {
        long time = stamp.at(now);
        Heartbeats.Beat beat = beat(false, time, now);
        try {
            deliver(beat.events());
        } catch (RuntimeException e) {
            heartbeats.failed();
            throw e;
        }
        heartbeats.sent(beat, time);
        stamp.pass();
    }

    private Heartbeats.Beat beat(boolean stopped, long time, Instant now) {
        heartbeats.ended(generations.takeEnded());
        return heartbeats.beat(tails.known(), stopped, time, now);
    }

    private void deliver(List<Event> events) {
        counter.incrementAppendBatchReceivedCount();
        counter.addToEventReceivedCount(events.size());
        try {
            getChannelProcessor().processEventBatch(events);
        } catch (RuntimeException e) {
            counter.incrementChannelWriteFail();
            throw e;
        }
        counter.incrementAppendBatchAcceptedCount();
        counter.addToEventAcceptedCount(events.size());
    }
}
