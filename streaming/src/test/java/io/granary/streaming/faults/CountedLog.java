package io.granary.streaming.faults;

import io.granary.streaming.count.NaiveCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Log lines that come all the time, whatever happens to Kafka, with what they are to be counted as. */
final class CountedLog implements AutoCloseable {
    static final int SITES = 12;
    private static final int LONGEST_PAUSE_MILLIS = 30;

    private final String topic;
    private final Random random;
    private final NaiveCount truth = new NaiveCount();
    private final List<LogFile> files = new ArrayList<>();
    private final KafkaProducer<byte[], byte[]> producer;
    /** Held while a chunk is made and sent, and while no line comes. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private final Thread thread = new Thread(this::run, "log");
    private volatile boolean isOver;
    private int partitions;
    private long chunks;

    /** @param first events are in the five minutes from then on */
    CountedLog(String bootstrap, String topic, int partitions, Instant first, Random random) {
        this.topic = topic;
        this.partitions = partitions;
        this.random = random;
        for (int i = 0; i < SITES; i++) {
            files.add(new LogFile("access-" + i + ".log", "site-" + i, first, random));
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "delivery.timeout.ms", "300000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void begin() {
        thread.start();
    }

    /** Stops the lines, to be followed by {@link #goOn}; what all that were sent are to be counted as. */
    Map<String, Long> pause() {
        turn.lock();
        return truth.counted();
    }

    void goOn() {
        turn.unlock();
    }

    /** From now on files lie in other partitions, as an agent's do when a topic has grown. */
    void spread(int over) {
        turn.lock();
        partitions = over;
        turn.unlock();
    }

    long chunks() {
        return chunks;
    }

    private void run() {
        try {
            while (!isOver) {
                turn.lock();
                try {
                    sendOne();
                } finally {
                    turn.unlock();
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendOne() throws InterruptedException {
        LogFile file = files.get(random.nextInt(files.size()));
        boolean isAgain = random.nextInt(8) == 0;
        byte[] chunk = file.chunk(isAgain ? 1 + random.nextInt(40) : 0, truth);
        int home = Math.floorMod(file.name().hashCode(), partitions);
        send(isAgain ? random.nextInt(partitions) : home, chunk);
        chunks++;
    }

    /** As the agent does it: again, until Kafka has it. */
    private void send(int partition, byte[] chunk) throws InterruptedException {
        for (boolean isSent = false; !isSent; ) {
            try {
                producer.send(new ProducerRecord<>(topic, partition, null, chunk))
                        .get();
                isSent = true;
            } catch (ExecutionException e) {
                System.err.println("sent again: " + e.getCause());
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        isOver = true;
        thread.interrupt();
        thread.join();
        producer.close(java.time.Duration.ZERO);
    }
}
