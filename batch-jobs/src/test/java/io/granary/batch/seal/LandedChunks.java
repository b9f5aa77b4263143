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
        Map<String, String> headers = new HashMap<>();
        headers.put("source", source);
        headers.put("site", "shop");
        headers.put("region", "local");
        headers.put("host", host);
        headers.put("file", name);
        headers.put("start", Long.toString(start));
        headers.put("end", Long.toString(start + bytes.length));
        headers.put("first_line", Long.toString(firstLine));
        headers.put("lines", Long.toString(lines));
        headers.put("collected_at", Long.toString(collectedAt.toEpochMilli()));
        GenericRecord event = new GenericData.Record(EVENT);
        event.put("headers", headers);
        event.put("body", ByteBuffer.wrap(bytes));
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

    public Path land(Instant hour, String name) throws IOException {
        return landTorn(hour, name, 0);
    }
}
