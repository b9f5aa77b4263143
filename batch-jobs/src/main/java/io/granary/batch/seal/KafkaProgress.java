package io.granary.batch.seal;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks Kafka: the topic's offsets, and those that Flume's KafkaChannel committed for the landing sink. */
final class KafkaProgress implements CollectorProgress {
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final Admin admin;
    private final String servers;
    private final String topic;
    private final String group;

    private KafkaProgress(Admin admin, String servers, String topic, String group) {
        this.admin = admin;
        this.servers = servers;
        this.topic = topic;
        this.group = group;
    }

    /** @param source {@code <subject>.<name>} */
    static KafkaProgress open(String servers, String topic, String source) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                servers,
                "client.id",
                "granary-seal",
                "request.timeout.ms",
                5_000,
                "default.api.timeout.ms",
                (int) ANSWER.toMillis());
        return new KafkaProgress(Admin.create(settings), servers, topic, "granary-landing-" + source);
    }

    @Override
    public Optional<Map<Integer, Long>> ends() {
        return partitions().map(partitions -> offsets(partitions, OffsetSpec.latest()));
    }

    @Override
    public Map<Integer, Long> landed() {
        Map<Integer, Long> landed = new HashMap<>();
        partitions().ifPresent(partitions -> landed.putAll(offsets(partitions, OffsetSpec.earliest())));
        answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (partition.topic().equals(topic) && offset != null) {
                        landed.merge(partition.partition(), offset.offset(), Math::max);
                    }
                });
        return landed;
    }

    private Optional<List<TopicPartition>> partitions() {
        try {
            return Optional.of(
                    answer(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().stream()
                            .map(p -> new TopicPartition(topic, p.partition()))
                            .toList());
        } catch (GranaryException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Map<Integer, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> wanted = partitions.stream().collect(Collectors.toMap(p -> p, p -> spec));
        Map<Integer, Long> offsets = new TreeMap<>();
        answer(admin.listOffsets(wanted).all()).forEach((p, offset) -> offsets.put(p.partition(), offset.offset()));
        return offsets;
    }

    private <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(ANSWER.toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(e);
        }
    }

    private GranaryException failure(Throwable cause) {
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "Kafka at " + servers + " does not tell how far topic " + topic + " is landed: " + cause
                        + ". See `granary status`; --wait 0 seals what is landed without asking.",
                cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}
