package io.granary.bench;

import io.granary.bench.CollectChain.Collected;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long a line takes from the file to a reader of Kafka. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description = "Time from a line written until it can be read from Kafka, at a steady rate.")
final class LatencyBenchmark implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double MILLISECOND = 1e6;

    @Mixin
    private Place place;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "2000", description = "Lines a second (default: 2000)")
    private int rate;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "30", description = "Seconds measured (default: 30)")
    private int seconds;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "10", description = "Seconds before (default: 10)")
    private int warmUp;

    @Override
    public Integer call() throws Exception {
        Collected at = new Collected(
                Files.createDirectories(place.home().root().resolve("latency")), "latency", place.profile());
        Files.createDirectories(at.logs());
        int lines = rate * (warmUp + seconds);
        try (CollectTopic topic = new CollectTopic(at.profile().kafka(), at.topic(), at.group());
                CollectLanding landing = new CollectLanding(at.profile(), at.source());
                KafkaConsumer<byte[], byte[]> consumer = topic.consumer()) {
            CollectChain chain = CollectChain.GRANARY;
            String properties = chain.properties(at, place.verbs(), true);
            long[] written;
            long[] read;
            double cpu;
            try (AgentProcess agent = AgentProcess.start(
                    place.verbs().dist(),
                    at.folder(),
                    chain.agent(),
                    properties,
                    List.of(),
                    chain.flags(place.verbs().dist()))) {
                CompletableFuture<long[]> writing = CompletableFuture.supplyAsync(() -> write(at, lines));
                read = read(agent, consumer, lines);
                written = writing.get();
                cpu = agent.cpu();
            }
            print(written, read, cpu);
        }
        return 0;
    }

    /** Writes line after line, each at its time whatever became of those before; returns when each was written. */
    private long[] write(Collected at, int lines) {
        long[] written = new long[lines];
        try (FileChannel file = FileChannel.open(
                at.logs().resolve("access.log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            long begin = System.nanoTime();
            for (int serial = 0; serial < lines; serial++) {
                ByteBuffer line = ByteBuffer.wrap(CollectLog.lineOf(serial));
                long due = begin + serial * 1_000_000_000L / rate;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                file.write(line);
                written[serial] = System.nanoTime();
            }
            return written;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write the log: " + e, e);
        }
    }

    /** When each line was first in a record that a consumer was given. */
    private static long[] read(AgentProcess agent, KafkaConsumer<byte[], byte[]> consumer, int lines)
            throws IOException {
        long[] read = new long[lines];
        CollectTopic.Body body = new CollectTopic.Body();
        int found = 0;
        long last = System.nanoTime();
        while (found < lines) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                last = System.nanoTime();
                body.read(record.value());
                int start = 0;
                for (int i = 0; i < body.length(); i++) {
                    if (body.array()[i] == '\n') {
                        int serial = LineTally.serial(body.array(), start);
                        found += read[serial] == 0 ? 1 : 0;
                        read[serial] = last;
                        start = i + 1;
                    }
                }
            }
            agent.requireAlive();
            if (System.nanoTime() - last > PATIENCE.toNanos()) {
                throw new GranaryException(ErrorCode.DATA, found + " of " + lines + " lines came to Kafka");
            }
        }
        return read;
    }

    private void print(long[] written, long[] read, double cpu) {
        int from = rate * warmUp;
        double[] milliseconds = LongStream.range(from, written.length)
                .mapToDouble(i -> (read[(int) i] - written[(int) i]) / MILLISECOND)
                .sorted()
                .toArray();
        double late = LongStream.range(from, written.length)
                .mapToDouble(i -> (written[(int) i] - written[from]) / MILLISECOND - (i - from) * 1000.0 / rate)
                .max()
                .orElse(0);
        System.out.println(milliseconds.length + " lines at " + rate + " a second, after " + warmUp
                + " s of warm-up; milliseconds from written until a consumer had it:");
        System.out.println();
        Figures.percentiles(System.out, milliseconds, "%.1f");
        System.out.printf(
                Locale.ROOT,
                "The writer was at most %.1f ms late; the agent, with the sink to HDFS, used %.1f s of CPU in all.%n",
                late,
                cpu);
    }
}
