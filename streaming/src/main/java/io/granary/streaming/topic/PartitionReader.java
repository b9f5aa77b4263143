package io.granary.streaming.topic;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.spark.TaskKilledException;
import org.apache.spark.kafka010.KafkaConfigUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Predef$;
import scala.collection.AbstractIterator;
import scala.collection.JavaConverters;

/**
 * Reads ranges of one partition, one after the other: what was fetched beyond a range is there for the next. All records of a
 * range are read, or it fails. For one task at a time.
 */
final class PartitionReader extends AbstractIterator<StreamRecord> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);

    /** So often a task that waits for Kafka looks whether it is wanted still. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final TopicPartition topic;
    private final Consumer<byte[], byte[]> consumer;
    private List<ConsumerRecord<byte[], byte[]>> fetched = List.of();
    private int at;
    private int count;
    /** The offset behind all that was read or has no record. */
    private long next = -1;

    private OffsetRange range;
    private long patienceMillis;
    private BooleanSupplier isUnwanted;
    private ConsumerRecord<byte[], byte[]> found;

    /** @param settings of Kafka's client, which reads bytes and resets no offset */
    PartitionReader(Map<String, Object> settings, TopicPartition topic) {
        this(new KafkaConsumer<>(withToken(settings)), topic);
    }

    PartitionReader(Consumer<byte[], byte[]> consumer, TopicPartition topic) {
        this.topic = topic;
        this.consumer = consumer;
        consumer.assign(List.of(topic));
    }

    /** With the delegation token that Spark has for the brokers, if it has one. */
    private static Map<String, Object> withToken(Map<String, Object> settings) {
        scala.collection.immutable.Map<String, Object> all =
                JavaConverters.mapAsScalaMap(settings).toMap(Predef$.MODULE$.$conforms());
        return new KafkaConfigUpdater("executor", all)
                .setAuthenticationConfigIfNeeded()
                .build();
    }

    TopicPartition topic() {
        return topic;
    }

    /**
     * @param patienceMillis how long Kafka may take to bring something
     * @param isUnwanted whether nobody waits for the records any more
     */
    void begin(OffsetRange of, long patienceMillis, BooleanSupplier isUnwanted) {
        this.range = of;
        this.patienceMillis = patienceMillis;
        this.isUnwanted = isUnwanted;
        found = null;
        if (next != of.from()) {
            hold(List.of());
            next = of.from();
            consumer.seek(topic, next);
        }
    }

    /** Whether the range was read to its end: only then is the place known that the next one begins at. */
    boolean isDone() {
        return range != null && next >= range.until();
    }

    @Override
    public boolean hasNext() {
        while (found == null && next < range.until()) {
            if (at < count) {
                take(fetched.get(at));
            } else {
                fetch();
            }
        }
        return found != null;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.offset() >= range.until()) {
            next = range.until();
            return;
        }
        at++;
        found = record;
        next = record.offset() + 1;
    }

    @Override
    public StreamRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more records of " + range);
        }
        StreamRecord record = StreamRecord.of(found);
        found = null;
        return record;
    }

    private void hold(List<ConsumerRecord<byte[], byte[]>> records) {
        fetched = records;
        count = records.size();
        at = 0;
    }

    /** Returns with records, or behind offsets that have none. */
    private void fetch() {
        long begin = System.nanoTime();
        try {
            while (true) {
                if (isUnwanted.getAsBoolean()) {
                    throw new TaskKilledException("it waited for Kafka");
                }
                hold(consumer.poll(LOOK).records(topic));
                if (count > 0) {
                    return;
                }
                long position = position();
                if (position > next) {
                    next = position;
                    return;
                }
                if (System.nanoTime() - begin
                        > Duration.ofMillis(patienceMillis).toNanos()) {
                    throw silent();
                }
            }
        } catch (OffsetOutOfRangeException e) {
            throw new IllegalStateException(
                    "records of " + topic + " from offset " + next + " to " + range.until()
                            + " are not in Kafka any more: data may have been lost",
                    e);
        }
    }

    /** Where Kafka's client stands; as before when it has to ask for that and gets no answer. */
    private long position() {
        try {
            return consumer.position(topic, LOOK);
        } catch (TimeoutException e) {
            return next;
        }
    }

    private IllegalStateException silent() {
        String missing = "no record of " + topic + " from offset " + next + ", which is to be read up to "
                + range.until() + ", came within " + patienceMillis + " ms";
        try {
            long end = consumer.endOffsets(List.of(topic), LOOK).get(topic);
            return new IllegalStateException(
                    end < range.until()
                            ? missing + "; it ends at " + end + ": data may have been lost"
                            : missing + ", though Kafka has records up to " + end
                                    + ". Is the broker that leads this partition up (`granary status`)? It is tried again.");
        } catch (KafkaException e) {
            return new IllegalStateException(
                    missing + "; Kafka does not answer: " + e.getMessage()
                            + ". Is it up (`granary status`)? It is tried again.",
                    e);
        }
    }

    @Override
    public void close() {
        try {
            consumer.close(Duration.ZERO);
        } catch (KafkaException e) {
            LOG.debug("the connection to {} did not end well", topic, e);
        }
    }
}
