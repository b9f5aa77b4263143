package io.granary.streaming.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.KafkaFixture;
import io.granary.streaming.KafkaFixture.Sent;
import io.granary.streaming.Sessions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranges of a real Kafka's partition. */
class PartitionReaderIT {
    private static final long PATIENCE = 60_000;

    @TempDir
    private static Path folder;

    private static KafkaFixture kafka;
    private static SparkSession spark;
    private static final AtomicInteger TOPICS = new AtomicInteger();

    private TopicPartition topic;

    @BeforeAll
    static void start() throws Exception {
        kafka = new KafkaFixture(folder);
        // the token of Kafka's brokers is looked for in Spark's settings
        spark = Sessions.local("reader").getOrCreate();
    }

    @AfterAll
    static void stop() throws Exception {
        spark.stop();
        kafka.close();
    }

    @BeforeEach
    void create() throws Exception {
        topic = new TopicPartition("topic-" + TOPICS.incrementAndGet(), 0);
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic.topic(), 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    @Test
    void rangesFollowEachOtherAndAnyOtherIsFound() throws Exception {
        send(0, 1000);
        try (PartitionReader reader = reader()) {
            assertThat(read(reader, 0, 10)).isEqualTo(texts(0, 10));
            assertThat(read(reader, 10, 700)).isEqualTo(texts(10, 700));
            assertThat(read(reader, 10, 20)).isEqualTo(texts(10, 20));
            assertThat(read(reader, 990, 1000)).isEqualTo(texts(990, 1000));
            send(1000, 1010);
            assertThat(read(reader, 1000, 1010)).isEqualTo(texts(1000, 1010));
        }
    }

    /** A transaction's end takes an offset that no reader sees. */
    @Test
    void offsetsWithoutARecordArePassedOver() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", topic.topic()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            for (int i = 0; i < 3; i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic.topic(), 0, null, bytes(2L * i)));
                producer.commitTransaction();
            }
        }
        try (PartitionReader reader = reader()) {
            assertThat(read(reader, 0, 2)).isEqualTo(List.of("0: 0"));
            assertThat(read(reader, 2, 6)).isEqualTo(List.of("2: 2", "4: 4"));
            assertThat(read(reader, 5, 6)).isEmpty();
            assertThat(read(reader, 1, 3)).isEqualTo(List.of("2: 2"));
        }
    }

    @Test
    void aRecordWithoutAValueIsOne() throws Exception {
        kafka.sendAll(topic.topic(), List.of(new Sent(0, null), new Sent(0, new byte[0])));
        try (PartitionReader reader = reader()) {
            reader.begin(new OffsetRange(topic, 0, 2), PATIENCE, () -> false);
            assertThat(reader.next().value().bytes()).isNull();
            assertThat(reader.next().value().bytes()).isEmpty();
            assertThat(reader.hasNext()).isFalse();
        }
    }

    @Test
    void recordsThatAreGoneAreToldAndNothingIsLeftOut() throws Exception {
        send(0, 100);
        try (Admin admin = admin()) {
            admin.deleteRecords(Map.of(topic, RecordsToDelete.beforeOffset(50)))
                    .all()
                    .get();
        }
        try (PartitionReader reader = reader()) {
            assertThatThrownBy(() -> read(reader, 20, 80))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(topic + " from offset 20 to 80")
                    .hasMessageContaining("data may have been lost");
            assertThat(reader.isDone()).isFalse();
        }
    }

    @Test
    void aTopicThatEndsBeforeTheRangeIsToldSo() throws Exception {
        send(0, 10);
        try (PartitionReader reader = reader()) {
            reader.begin(new OffsetRange(topic, 5, 20), 100, () -> false);
            assertThat(IntStream.range(5, 10).mapToObj(i -> text(reader.next())).toList())
                    .isEqualTo(texts(5, 10));
            assertThatThrownBy(reader::hasNext)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("from offset 10, which is to be read up to 20, came within 100 ms")
                    .hasMessageContaining("it ends at 10: data may have been lost");
        }
    }

    @Test
    void aTaskThatNobodyWantsDoesNotWaitForKafka() {
        try (PartitionReader reader = reader()) {
            reader.begin(new OffsetRange(topic, 0, 1), PATIENCE, () -> true);
            assertThatThrownBy(reader::hasNext).isInstanceOf(TaskKilledException.class);
        }
    }

    @Test
    void aReaderWaitsForTheNextBatchWhenItsRangeIsRead() throws Exception {
        send(0, 10);
        PartitionReader first = IdleReaders.take(settings(), topic);
        assertThat(read(first, 0, 5)).isEqualTo(texts(0, 5));
        IdleReaders.giveBack(settings(), first);
        PartitionReader second = IdleReaders.take(settings(), topic);
        assertThat(second).isSameAs(first);
        // two tasks at once have one each
        PartitionReader beside = IdleReaders.take(settings(), topic);
        assertThat(beside).isNotSameAs(first);
        assertThat(read(second, 5, 10)).isEqualTo(texts(5, 10));

        beside.begin(new OffsetRange(topic, 0, 10), PATIENCE, () -> false);
        beside.next();
        IdleReaders.giveBack(settings(), beside);
        assertThatThrownBy(() -> read(beside, 0, 10)).hasMessageContaining("closed");
        PartitionReader fresh = IdleReaders.take(settings(), topic);
        assertThat(fresh).isNotSameAs(beside);
        assertThat(read(fresh, 0, 10)).isEqualTo(texts(0, 10));
        IdleReaders.giveBack(settings(), fresh);
        IdleReaders.giveBack(settings(), second);
    }

    /** What it has fetched ahead may be of a topic that was made anew since. */
    @Test
    void aReaderOfAnEarlierStartIsClosed() throws Exception {
        send(0, 10);
        Map<String, Object> before = new HashMap<>(settings());
        before.put("group.id", "one");
        PartitionReader old = IdleReaders.take(before, topic);
        read(old, 0, 5);
        IdleReaders.giveBack(before, old);
        Map<String, Object> now = new HashMap<>(settings());
        now.put("group.id", "two");
        try (PartitionReader fresh = IdleReaders.take(now, topic)) {
            assertThat(fresh).isNotSameAs(old);
            assertThat(read(fresh, 5, 10)).isEqualTo(texts(5, 10));
        }
        assertThatThrownBy(() -> read(old, 0, 10)).hasMessageContaining("closed");
    }

    @Test
    void batchesOfAStreamAreReadAsSparkHasPlannedThem() throws Exception {
        StreamedBatches batches = streamed("true");
        assertThat(batches.readers()).hasSize(4).containsOnly(PlannedRdd.class);
        assertThat(batches.texts()).isEqualTo(texts(0, 710));
        assertThat(batches.warnings()).isEmpty();
    }

    /** One that leaves out what is lost needs Spark's reader. */
    @Test
    void aStreamThatSparksReaderReadsIsToldOnce() throws Exception {
        StreamedBatches batches = streamed("false");
        assertThat(batches.readers()).hasSize(4).doesNotContain(PlannedRdd.class);
        assertThat(batches.texts()).isEqualTo(texts(0, 710));
        assertThat(batches.warnings())
                .singleElement()
                .asString()
                .contains("are read by Spark's reader")
                .contains("DataSourceRDD");
    }

    /** 710 records in four batches; the last is of another start. */
    private StreamedBatches streamed(String failOnDataLoss) throws Exception {
        StreamedBatches batches = new StreamedBatches(PartitionReaderIT::text);
        send(0, 700);
        batches.read(spark, kafka.bootstrap(), topic.topic(), folder, failOnDataLoss);
        send(700, 710);
        batches.read(spark, kafka.bootstrap(), topic.topic(), folder, failOnDataLoss);
        return batches;
    }

    private void send(long from, long until) throws ExecutionException, InterruptedException {
        kafka.sendAll(
                topic.topic(),
                LongStream.range(from, until)
                        .mapToObj(i -> new Sent(0, bytes(i)))
                        .toList());
    }

    private List<String> read(PartitionReader reader, long from, long until) {
        reader.begin(new OffsetRange(topic, from, until), PATIENCE, () -> false);
        List<String> found = new ArrayList<>();
        while (reader.hasNext()) {
            found.add(text(reader.next()));
        }
        assertThat(reader.isDone()).isTrue();
        return found;
    }

    private static String text(StreamRecord record) {
        RecordValue value = record.value();
        return record.offset() + ": " + new String(value.bytes(), value.from(), value.length(), StandardCharsets.UTF_8);
    }

    private static List<String> texts(long from, long until) {
        return LongStream.range(from, until).mapToObj(i -> i + ": " + i).toList();
    }

    private static byte[] bytes(long number) {
        return Long.toString(number).getBytes(StandardCharsets.UTF_8);
    }

    private PartitionReader reader() {
        return new PartitionReader(settings(), topic);
    }

    private static Map<String, Object> settings() {
        return Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "key.deserializer",
                ByteArrayDeserializer.class.getName(),
                "value.deserializer",
                ByteArrayDeserializer.class.getName(),
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "none",
                "max.poll.records",
                "100");
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }
}
