package io.granary.batch.seal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/** Writes landing files as the collector does (docs/contracts.md, section 6). */
public final class LandedChunks {
    private static final Schema EVENT = new Schema.Parser().parse("""
                    {"type": "record", "name": "AvroFlumeEvent", "namespace": "org.apache.flume.source.avro", "fields": [
                        {"name": "headers", "type": {"type": "map", "values": "string"}},
                        {"name": "body", "type": "bytes"}]}
                    """);
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("'dt='yyyy-MM-dd/'hh='HH").withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("'dt='yyyy-MM-dd").withZone(ZoneOffset.UTC);

    private final Path landing;
    private final String source;
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final DataFileWriter<GenericRecord> writer;

    public LandedChunks(Path fileSystem, String source) throws IOException {
        this.landing = fileSystem.resolve("granary/landing").resolve(source);
        this.source = source;
        this.writer = new DataFileWriter<>(new GenericDatumWriter<>(EVENT));
        writer.setCodec(CodecFactory.snappyCodec());
        writer.create(EVENT, file);
    }

    /** A chunk of a log file that begins at {@code start} with line {@code firstLine}. */
    public LandedChunks chunk(String host, String name, long start, long firstLine, Instant collectedAt, String body)
            throws IOException {
        long lines = body.chars().filter(c -> c == '\n').count() + (body.endsWith("\n") ? 0 : 1);
        return chunk(host, name, start, firstLine, lines, collectedAt, body);
    }

    LandedChunks chunk(
            String host, String name, long start, long firstLine, long lines, Instant collectedAt, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return record("chunk", host, name, start, start + bytes.length, firstLine, lines, collectedAt, bytes);
    }

    /** A line that was longer than the agent's limit: its range, and its begin. */
    LandedChunks oversize(String host, String name, long start, long end, long line, Instant collectedAt, String begin)
            throws IOException {
        return record("oversize", host, name, start, end, line, 1, collectedAt, begin.getBytes(StandardCharsets.UTF_8));
    }

    /** Lines that the agent could not read. */
    LandedChunks loss(String host, String name, long start, long end, long firstLine, long lines, Instant collectedAt)
            throws IOException {
        return record("loss", host, name, start, end, firstLine, lines, collectedAt, new byte[0]);
    }

    private LandedChunks record(
            String kind,
            String host,
            String name,
            long start,
            long end,
            long firstLine,
            long lines,
            Instant collectedAt,
            byte[] body)
            throws IOException {
        Map<String, String> headers = headers(host, collectedAt);
        // absent means chunk
        if (!kind.equals("chunk")) {
            headers.put("kind", kind);
        }
        headers.put("site", "shop");
        headers.put("file", name);
        headers.put("start", Long.toString(start));
        headers.put("end", Long.toString(end));
        headers.put("first_line", Long.toString(firstLine));
        headers.put("lines", Long.toString(lines));
        return append(headers, body);
    }

    /**
     * What an agent reports.
     *
     * @param agent id of its run
     * @param files {@code "file:end:lines"} each, or {@code "inbox/file:end:lines"}
     */
    public LandedChunks heartbeat(String host, long agent, long sequence, Instant at, boolean stopped, String... files)
            throws IOException {
        Map<String, String> headers = headers(host, at);
        headers.put("kind", "heartbeat");
        headers.put("agent", Long.toString(agent));
        headers.put("sequence", Long.toString(sequence));
        String said = Stream.of(files)
                .map(f -> f.split("[/:]"))
                .map(f -> (f.length == 4 ? "{\"host\":\"" + f[0] + "\"," : "{") + "\"file\":\"" + f[f.length - 3]
                        + "\",\"end\":" + f[f.length - 2] + ",\"lines\":" + f[f.length - 1] + "}")
                .collect(Collectors.joining(","));
        String body =
                "{\"version\":1,\"state\":\"" + (stopped ? "stopped" : "running") + "\",\"files\":[" + said + "]}";
        return append(headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, String> headers(String host, Instant collectedAt) {
        Map<String, String> headers = new HashMap<>();
        headers.put("source", source);
        headers.put("region", "local");
        headers.put("host", host);
        headers.put("collected_at", Long.toString(collectedAt.toEpochMilli()));
        return headers;
    }

    private LandedChunks append(Map<String, String> headers, byte[] body) throws IOException {
        GenericRecord event = new GenericData.Record(EVENT);
        event.put("headers", headers);
        event.put("body", ByteBuffer.wrap(body));
        writer.append(event);
        writer.sync();
        return this;
    }

    /** Lands the file without its last bytes, as an agent that died leaves it. */
    Path landTorn(Instant hour, String name, int missing) throws IOException {
        writer.flush();
        byte[] whole = file.toByteArray();
        Path target = landing.resolve(HOUR.format(hour)).resolve(name);
        Files.createDirectories(target.getParent());
        Files.write(target, java.util.Arrays.copyOf(whole, whole.length - missing));
        return target;
    }

    /** Lands heartbeats. */
    public Path landHeartbeats(Instant day, String name) throws IOException {
        writer.flush();
        Path target = landing.resolve("_heartbeats").resolve(DAY.format(day)).resolve(name);
        Files.createDirectories(target.getParent());
        return Files.write(target, file.toByteArray());
    }

    public Path land(Instant hour, String name) throws IOException {
        return landTorn(hour, name, 0);
    }
}
