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
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<Integer> lines = new ArrayList<>();
    private volatile boolean isOver;
    private volatile long sent;

    /** @param rate lines a second */
    AdStream(AdTopic topic, AdEvents events, double rate) {
        this.topic = topic;
        this.rate = rate;
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

    @Override
    public void run() {
        long begin = System.nanoTime();
        try {
            for (int i = 0; !isOver; i++) {
                long due = begin + (long) (sent / rate * 1e9);
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

    /** Lines given to the producer. */
    long sent() {
        return sent;
    }

    void stop() {
        isOver = true;
    }
}
