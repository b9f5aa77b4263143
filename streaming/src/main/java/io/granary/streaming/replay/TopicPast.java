package io.granary.streaming.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The records that a topic holds, before and behind where counting is.
 *
 * @param kafka bootstrap servers
 */
record TopicPast(SparkSession spark, String kafka, String topic) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final int TRIES = 5;

    /** Offsets {@code [begin, end)} of a partition. */
    private record Range(long begin, long end) {}

    /** What is read out of the records in front of {@code offsets}, as far as Kafka still holds them; nothing: it holds none. */
    <T> Optional<T> before(Map<String, Long> offsets, Function<Dataset<Row>, T> reading) {
        return read(
                reading, offsets, (partition, held, counted) -> new Range(held.begin(), Math.min(counted, held.end())));
    }

    /** The same, of records that were sent at {@code since} or later. */
    <T> Optional<T> before(Map<String, Long> offsets, Instant since, Function<Dataset<Row>, T> reading) {
        Map<Integer, Long> first = firstSince(since);
        return read(
                reading,
                offsets,
                (partition, held, counted) -> new Range(
                        Math.max(held.begin(), first.getOrDefault(partition, held.end())),
                        Math.min(counted, held.end())));
    }

    /** The same, of the records from {@code offsets} on, which are not counted yet. */
    <T> Optional<T> from(Map<String, Long> offsets, Function<Dataset<Row>, T> reading) {
        return read(
                reading, offsets, (partition, held, counted) -> new Range(Math.max(counted, held.begin()), held.end()));
    }

    /** What is wanted of what Kafka holds of a partition, and the first offset that is not counted. */
    @FunctionalInterface
    private interface Part {
        Range of(int partition, Range held, long counted);
    }

    /** Kafka may delete the oldest records while they are read: then all is read again, without them. */
    private <T> Optional<T> read(Function<Dataset<Row>, T> reading, Map<String, Long> offsets, Part part) {
        for (int left = TRIES; ; left--) {
            try {
                return read(offsets, part).map(reading);
            } catch (Exception e) {
                if (!isDeleted(e)) {
                    throw e;
                }
                if (left == 1) {
                    throw new GranaryException(
                            ErrorCode.EXTERNAL,
                            "Kafka deletes the oldest records of " + topic
                                    + " faster than they can be read again. Is the"
                                    + " topic's retention long enough for what is not sealed yet?",
                            e);
                }
            }
        }
    }

    private static boolean isDeleted(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof OffsetOutOfRangeException
                    || String.valueOf(cause.getMessage()).contains("data may have been lost")) {
                return true;
            }
        }
        return false;
    }

    private Optional<Dataset<Row>> read(Map<String, Long> offsets, Part part) {
        Map<Integer, Long> begins = new TreeMap<>();
        Map<Integer, Long> ends = new TreeMap<>();
        ranges().forEach((partition, held) -> {
            Range range = part.of(partition, held, offsets.getOrDefault(partition.toString(), 0L));
            if (range.begin() < range.end()) {
                begins.put(partition, range.begin());
                ends.put(partition, range.end());
            }
        });
        if (begins.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(spark.read()
                .format("kafka")
                .option("kafka.bootstrap.servers", kafka)
                .option("assign", json(Map.of(topic, List.copyOf(begins.keySet()))))
                .option("startingOffsets", json(Map.of(topic, begins)))
                .option("endingOffsets", json(Map.of(topic, ends)))
                .option("failOnDataLoss", "true")
                .option("groupIdPrefix", "granary-replay")
                .option("kafka.max.partition.fetch.bytes", "4194304")
                .option("kafka.max.poll.records", "5000")
                .load()
                .select("partition", "offset", "value"));
    }

    private Map<Integer, Range> ranges() {
        return ask((consumer, partitions) -> {
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            Map<Integer, Range> ranges = new TreeMap<>();
            consumer.endOffsets(partitions)
                    .forEach((p, end) -> ranges.put(p.partition(), new Range(begins.get(p), end)));
            return ranges;
        });
    }

    /** By partition the first record that was sent at a time or later; those that have none are missing. */
    private Map<Integer, Long> firstSince(Instant since) {
        return ask((consumer, partitions) -> {
            Map<TopicPartition, Long> times =
                    partitions.stream().collect(Collectors.toMap(p -> p, p -> since.toEpochMilli()));
            Map<Integer, Long> first = new TreeMap<>();
            consumer.offsetsForTimes(times).forEach((p, found) -> {
                if (found != null) {
                    first.put(p.partition(), found.offset());
                }
            });
            return first;
        });
    }

    private <T> T ask(BiFunction<KafkaConsumer<byte[], byte[]>, List<TopicPartition>, T> question) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka);
        settings.put("client.id", "granary-replay");
        settings.put("allow.auto.create.topics", "false");
        settings.put("default.api.timeout.ms", Math.toIntExact(PATIENCE.toMillis()));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            return question.apply(consumer, partitions);
        } catch (KafkaException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "Kafka at " + kafka + " does not say what topic " + topic + " holds: " + e.getMessage()
                            + ". Is it up (`granary status`)?",
                    e);
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "offsets cannot be written: " + e.getMessage(), e);
        }
    }
}
