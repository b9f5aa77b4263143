package io.granary.streaming;

import io.granary.streaming.count.TestChunk;
import io.granary.warehouse.config.LoopbackPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The Kafka of the local cluster, in a process of its own, out of the distribution that the build has filled so far: for
 * tests that run when it has packed {@code local-cluster/kafka}.
 */
public final class KafkaFixture implements AutoCloseable {
    private final Path ready;
    private final JavaProcess broker;
    private final String bootstrap;
    private final KafkaProducer<byte[], byte[]> producer;

    public KafkaFixture(Path folder) throws IOException, InterruptedException {
        int port = LoopbackPort.anyFree();
        bootstrap = "127.0.0.1:" + port;
        ready = folder.resolve("kafka.ready");
        broker = new JavaProcess(
                JavaProcess.distribution("kafka"),
                List.of("-Xmx384m", "-XX:TieredStopAtLevel=1"),
                List.of(
                        "io.granary.cluster.kafka.KafkaNode",
                        folder.resolve("kafka").toString(),
                        Integer.toString(port),
                        Integer.toString(LoopbackPort.anyFree()),
                        ready.toString()),
                folder.resolve("kafka.log"));
        start();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "compression.type", "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Starts the broker, after {@link #kill} again with what it has; returns when it takes requests. */
    public void start() throws IOException, InterruptedException {
        Files.deleteIfExists(ready);
        broker.start();
        broker.await(ready);
    }

    /** As kill -9. */
    public void kill() throws InterruptedException {
        broker.kill();
    }

    public String bootstrap() {
        return bootstrap;
    }

    /** A record's value and where it goes. */
    public record Sent(int partition, byte[] value) {}

    /** Sends chunks; a file stays in one partition. Returns when Kafka has them. */
    public void send(String topic, List<TestChunk> chunks) throws InterruptedException, ExecutionException {
        sendAll(
                topic,
                chunks.stream()
                        .map(chunk -> new Sent(
                                Math.floorMod(chunk.file().hashCode(), Topics.PARTITIONS),
                                TestChunk.encode(chunk.headers(), chunk.body())))
                        .toList());
    }

    /** Sends records. Returns when Kafka has them. */
    public void sendAll(String topic, List<Sent> records) throws InterruptedException, ExecutionException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Sent record : records) {
            sent.add(producer.send(new ProducerRecord<>(topic, record.partition(), null, record.value())));
        }
        for (Future<RecordMetadata> record : sent) {
            record.get();
        }
    }

    @Override
    public void close() throws InterruptedException {
        producer.close();
        broker.close();
    }
}
