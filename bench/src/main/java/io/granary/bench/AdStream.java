package io.granary.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A steady load: chunks that were made before, sent each at its time whatever became of those before. The same lines come
 * again and again, at other offsets of their files.
 */
final class AdStream implements Runnable {
    private static final int CHUNKS = 256;
    private static final int CHUNK = 65_536;
    private static final int LONGEST = 400;

    private final AdTopic topic;
    private final double rate;
    private final double rise;
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<Integer> lines = new ArrayList<>();
    private volatile boolean isOver;
    private volatile long sent;

    /**
     * A load.
     *
     * @param rate lines a second
     * @param rise seconds in which it comes up to that
     */
    AdStream(AdTopic topic, AdEvents events, double rate, double rise) {
        this.topic = topic;
        this.rate = rate;
        this.rise = rise;
        long number = 0;
        for (int i = 0; i < CHUNKS; i++) {
            ByteArrayOutputStream body = new ByteArrayOutputStream(CHUNK);
            int count = 0;
            for (; body.size() < CHUNK - LONGEST; count++) {
                body.write(events.line(), 0, events.write(number++));
            }
            bodies.add(body.toByteArray());
            lines.add(count);
        }
    }

    /** Sends one chunk to every partition, now. */
    void first() throws IOException {
        for (int partition = 0; partition < AdTopic.PARTITIONS; partition++) {
            topic.send(partition, bodies.get(partition), lines.get(partition));
        }
    }

    @Override
    public void run() {
        long begin = System.nanoTime();
        try {
            for (int i = 0; !isOver; i++) {
                long due = begin + (long) (due(sent) * 1e9);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                topic.send(i % AdTopic.PARTITIONS, bodies.get(i % CHUNKS), lines.get(i % CHUNKS));
                sent += lines.get(i % CHUNKS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Seconds from the beginning until so many lines are to be sent. */
    private double due(long lines) {
        double risen = rate * rise / 2;
        return lines < risen ? Math.sqrt(2 * rise * lines / rate) : rise + (lines - risen) / rate;
    }

    /** Lines given to the producer. */
    long sent() {
        return sent;
    }

    void stop() {
        isOver = true;
    }
}
