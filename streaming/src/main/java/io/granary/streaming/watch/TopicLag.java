package io.granary.streaming.watch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Compares what was counted with what topics hold. Not safe for use from several threads. */
public final class TopicLag implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final InstantSource clock;
    private final Duration patience;

    /** @param patience for one answer of Kafka */
    public TopicLag(String bootstrap, Duration patience, InstantSource clock) {
        this.clock = clock;
        this.patience = patience;
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("client.id", "granary-lag");
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "none");
        settings.put("allow.auto.create.topics", "false");
        settings.put("default.api.timeout.ms", Math.toIntExact(patience.toMillis()));
        settings.put("request.timeout.ms", Math.toIntExact(patience.toMillis()));
        // one record is asked for; a broker hands out one batch of them at least
        settings.put("max.poll.records", "1");
        settings.put("max.partition.fetch.bytes", "1");
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * How far {@code topic} is ahead of what was counted.
     *
     * @param counted next record to count, by partition; a partition that is missing was not begun
     * @return with an unknown age when Kafka did not hand out the oldest record in time
     * @throws org.apache.kafka.common.KafkaException when Kafka does not answer
     */
    public Lag of(String topic, Map<Integer, Long> counted) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> next = new HashMap<>();
        long records = 0;
        for (TopicPartition partition : partitions) {
            long from = Math.max(begins.get(partition), counted.getOrDefault(partition.partition(), 0L));
            long behind = ends.get(partition) - from;
            if (behind > 0) {
                next.put(partition, from);
                records += behind;
            }
        }
        return new Lag(records, next.isEmpty() ? Duration.ZERO : age(next));
    }

    private Duration age(Map<TopicPartition, Long> next) {
        consumer.assign(next.keySet());
        next.forEach(consumer::seek);
        Set<TopicPartition> missing = new HashSet<>(next.keySet());
        long oldest = Long.MAX_VALUE;
        long deadline = System.nanoTime() + patience.toNanos();
        while (!missing.isEmpty() && System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofMillis(200))) {
                TopicPartition partition = new TopicPartition(found.topic(), found.partition());
                if (missing.remove(partition)) {
                    oldest = Math.min(oldest, found.timestamp());
                    consumer.pause(Set.of(partition));
                }
            }
        }
        // clocks of two machines may differ by more than a record is old
        return missing.isEmpty() ? Duration.ofMillis(Math.max(0, clock.millis() - oldest)) : null;
    }

    @Override
    public void close() {
        consumer.close(Duration.ZERO);
    }
}
