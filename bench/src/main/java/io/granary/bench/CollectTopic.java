package io.granary.bench;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topic that one agent fills, and the group that lands it. */
final class CollectTopic implements AutoCloseable {
    private static final int PARTITIONS = 4;
    private static final int FETCH_BYTES = 8 << 20;
    private static final Duration POLL = Duration.ofSeconds(1);

    private final String bootstrap;
    private final String topic;
    private final String group;
    private final Admin admin;
    private final List<TopicPartition> partitions;

    /** Makes the topic. */
    CollectTopic(String bootstrap, String topic, String group) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.group = group;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        await(admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                .all());
        partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(i -> new TopicPartition(topic, i))
                .toList();
    }

    /** Whether the group has taken every record that is in the topic now. */
    boolean isLanded() {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(p -> latest.put(p, OffsetSpec.latest()));
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                await(admin.listOffsets(latest).all());
        Map<TopicPartition, OffsetAndMetadata> taken =
                await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        return ends.entrySet().stream().allMatch(end -> {
            OffsetAndMetadata offset = taken.get(end.getKey());
            return end.getValue().offset() == (offset == null ? 0 : offset.offset());
        });
    }

    /** Reads all records, and counts the lines in them. */
    LineTally tally() {
        LineTally tally = new LineTally();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.seekToBeginning(partitions);
            Body body = new Body();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    body.read(record.value());
                    body.count(tally);
                }
            }
        }
        return tally;
    }

    /** A consumer that is assigned all partitions and stands at their ends. */
    KafkaConsumer<byte[], byte[]> consumer() {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        FETCH_BYTES,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        10_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return consumer;
    }

    @Override
    public void close() {
        await(admin.deleteTopics(Set.of(topic)).all());
        admin.close();
    }

    private <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.BUSY, "interrupted while Kafka was asked about " + topic);
        } catch (ExecutionException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "Kafka at " + bootstrap + " refused for topic " + topic + ": " + e.getCause(),
                    e);
        }
    }

    /** The lines of a record: one without newline as TAILDIR sends it, whole ones, or none if it is no chunk. */
    static final class Body {
        private static final Utf8 KIND = new Utf8("kind");
        private static final Utf8 CHUNK = new Utf8("chunk");

        private final Utf8 word = new Utf8();
        private BinaryDecoder decoder;
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        void read(byte[] record) {
            try {
                decoder = DecoderFactory.get().binaryDecoder(record, decoder);
                boolean isChunk = true;
                for (long more = decoder.readMapStart(); more != 0; more = decoder.mapNext()) {
                    for (long i = 0; i < more; i++) {
                        boolean isKind = decoder.readString(word).equals(KIND);
                        boolean isLines = decoder.readString(word).equals(CHUNK);
                        isChunk &= isLines || !isKind;
                    }
                }
                bytes = decoder.readBytes(bytes);
                if (!isChunk) {
                    bytes.limit(0);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        byte[] array() {
            return bytes.array();
        }

        int length() {
            return bytes.limit();
        }

        void count(LineTally tally) {
            if (length() > 0 && array()[length() - 1] == '\n') {
                tally.text(array(), 0, length());
            } else if (length() > 0) {
                tally.line(array(), 0, length());
            }
        }
    }
}
