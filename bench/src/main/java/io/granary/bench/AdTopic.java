package io.granary.bench;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic filled with events: every partition holds the same ones in the same order, whatever the input. */
final class AdTopic implements AutoCloseable {
    static final int PARTITIONS = 4;

    private static final int CHUNK = 65_536;
    /** On a busy machine a broker may stand still for long. */
    private static final int PATIENCE = 600_000;
    /** Events in a row that come from one machine. */
    private static final int RUN = 500;

    /** What a record of a topic is. */
    enum Input {
        /** 64 KB of lines, as Granary's agent sends them. */
        CHUNKS,
        /** An event, as a stranger's topic holds it. */
        EVENTS;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String name;
    private final Input input;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failed = new AtomicReference<>();
    private final OpenFile[] files = new OpenFile[PARTITIONS];

    /** The log of one machine, one a partition. */
    private static final class OpenFile {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream(CHUNK + 512);
        private long start;
        private long firstLine = 1;
        private int lines;
    }

    /** Makes the topic. */
    AdTopic(String bootstrap, String name, Input input) {
        this.name = name;
        this.input = input;
        Arrays.setAll(files, i -> new OpenFile());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.BUSY, "interrupted while topic " + name + " was made");
        } catch (ExecutionException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "Kafka at " + bootstrap + " makes no topic " + name + ": " + e.getCause(), e);
        }
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        512 << 10,
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        128L << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Takes an event, with its newline. */
    void add(long number, byte[] line, int length) throws IOException {
        int partition = (int) (number / RUN % PARTITIONS);
        if (input == Input.EVENTS) {
            send(partition, null, Arrays.copyOf(line, length - 1));
            return;
        }
        OpenFile file = files[partition];
        file.body.write(line, 0, length);
        file.lines++;
        if (file.body.size() > CHUNK - length) {
            sendChunk(partition);
        }
    }

    private void sendChunk(int partition) throws IOException {
        OpenFile file = files[partition];
        int lines = file.lines;
        file.lines = 0;
        send(partition, file.body.toByteArray(), lines);
        file.body.reset();
    }

    /** Sends whole lines as the next chunk of the partition's file. */
    void send(int partition, byte[] body, int lines) throws IOException {
        OpenFile file = files[partition];
        String host = "web-" + partition;
        String generation = "65024." + (1000 + partition) + "-00000000" + partition;
        String now = Long.toString(System.currentTimeMillis());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("kind", "chunk");
        headers.put("source", name.substring("granary.".length()));
        headers.put("region", "local");
        headers.put("host", host);
        headers.put("collected_at", now);
        headers.put("timestamp", now);
        headers.put("partition", Integer.toString(partition));
        headers.put("site", "bench");
        headers.put("file", generation);
        headers.put("start", Long.toString(file.start));
        headers.put("end", Long.toString(file.start + body.length));
        headers.put("first_line", Long.toString(file.firstLine));
        headers.put("lines", Integer.toString(lines));
        send(partition, (host + "/" + generation).getBytes(StandardCharsets.UTF_8), record(headers, body));
        file.start += body.length;
        file.firstLine += lines;
    }

    /** Flume's Avro of an event. */
    private static byte[] record(Map<String, String> headers, byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 512);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        encoder.writeMapStart();
        encoder.setItemCount(headers.size());
        for (Map.Entry<String, String> header : headers.entrySet()) {
            encoder.startItem();
            encoder.writeString(header.getKey());
            encoder.writeString(header.getValue());
        }
        encoder.writeMapEnd();
        encoder.writeBytes(body);
        encoder.flush();
        return out.toByteArray();
    }

    private void send(int partition, byte[] key, byte[] value) {
        producer.send(new ProducerRecord<>(name, partition, key, value), (metadata, e) -> {
            if (e != null) {
                failed.set(e);
            }
        });
    }

    /** Sends what is left, and waits until Kafka has everything. */
    @Override
    public void close() throws IOException {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (files[partition].lines > 0) {
                sendChunk(partition);
            }
        }
        producer.flush();
        producer.close();
        if (failed.get() != null) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "Kafka did not take a record for " + name + ": " + failed.get(), failed.get());
        }
    }
}
