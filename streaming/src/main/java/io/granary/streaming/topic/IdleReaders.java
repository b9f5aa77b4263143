package io.granary.streaming.topic;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
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

    /** Without the group: Spark names it anew at each start of a query. */
    private record Key(Map<String, Object> settings, TopicPartition topic) {
        static Key of(Map<String, Object> settings, TopicPartition topic) {
            Map<String, Object> lasting = new HashMap<>(settings);
            lasting.remove(ConsumerConfig.GROUP_ID_CONFIG);
            return new Key(lasting, topic);
        }
    }

    private record Idle(PartitionReader reader, Object group, long since) {}

    /** One that waits, or a new one. Those of an earlier start of the query are closed: what they hold may be out of date. */
    static PartitionReader take(Map<String, Object> settings, TopicPartition topic) {
        Object group = settings.get(ConsumerConfig.GROUP_ID_CONFIG);
        synchronized (IDLE) {
            Deque<Idle> waiting = IDLE.getOrDefault(Key.of(settings, topic), new ArrayDeque<>());
            while (!waiting.isEmpty()) {
                Idle idle = waiting.pop();
                if (Objects.equals(idle.group(), group)) {
                    return idle.reader();
                }
                idle.reader().close();
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
                Object group = settings.get(ConsumerConfig.GROUP_ID_CONFIG);
                IDLE.computeIfAbsent(Key.of(settings, reader.topic()), k -> new ArrayDeque<>())
                        .push(new Idle(reader, group, now));
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
