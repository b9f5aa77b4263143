package io.granary.streaming.topic;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;

/**
 * Readers that wait in this process for the next batch, each where the one before has ended: with its connection, and with
 * what it has fetched ahead.
 */
final class IdleReaders {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Map<Key, Deque<Idle>> IDLE = new HashMap<>();

    private IdleReaders() {}

    private record Key(Map<String, Object> settings, TopicPartition topic) {
        /** Without the group, which Spark names anew at each start of a query and a reader has no use for. */
        static Key of(Map<String, Object> settings, TopicPartition topic) {
            Map<String, Object> lasting = new HashMap<>(settings);
            lasting.remove(ConsumerConfig.GROUP_ID_CONFIG);
            return new Key(lasting, topic);
        }
    }

    private record Idle(PartitionReader reader, long since) {}

    static PartitionReader take(Map<String, Object> settings, TopicPartition topic) {
        synchronized (IDLE) {
            Deque<Idle> waiting = IDLE.get(Key.of(settings, topic));
            if (waiting != null && !waiting.isEmpty()) {
                return waiting.pop().reader();
            }
        }
        return new PartitionReader(settings, topic);
    }

    /** One that has not come to its range's end is closed, as its task has failed. */
    static void giveBack(Map<String, Object> settings, PartitionReader reader) {
        if (!reader.isDone()) {
            reader.close();
        }
        long now = System.nanoTime();
        synchronized (IDLE) {
            if (reader.isDone()) {
                IDLE.computeIfAbsent(Key.of(settings, reader.topic()), k -> new ArrayDeque<>())
                        .push(new Idle(reader, now));
            }
            for (Iterator<Deque<Idle>> all = IDLE.values().iterator(); all.hasNext(); ) {
                Deque<Idle> waiting = all.next();
                while (!waiting.isEmpty() && now - waiting.peekLast().since() > LONGEST.toNanos()) {
                    waiting.removeLast().reader().close();
                }
                if (waiting.isEmpty()) {
                    all.remove();
                }
            }
        }
    }
}
