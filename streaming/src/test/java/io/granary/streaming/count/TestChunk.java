package io.granary.streaming.count;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Lines {@code [from, to)} of a file, by number from 0, as the agent would send them. */
public record TestChunk(String site, String file, List<String> lines, int from, int to) {
    private static final Schema EVENT = new Schema.Parser().parse("""
            {"type": "record", "name": "AvroFlumeEvent", "namespace": "org.apache.flume.source.avro", "fields": [
              {"name": "headers", "type": {"type": "map", "values": "string"}}, {"name": "body", "type": "bytes"}]}
            """);

    public Row record(int partition, long offset) {
        return RowFactory.create(partition, offset, encode(headers(), body()));
    }

    public Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        headers.put("source", "any");
        headers.put("site", site);
        headers.put("region", "local");
        headers.put("host", "h1");
        headers.put("file", file);
        headers.put("start", Long.toString(offset(from)));
        headers.put("end", Long.toString(offset(to)));
        headers.put("first_line", Integer.toString(from + 1));
        headers.put("lines", Integer.toString(to - from));
        headers.put("collected_at", "1793534400000");
        return headers;
    }

    public byte[] body() {
        return (String.join("\n", lines.subList(from, to)) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private long offset(int line) {
        return lines.subList(0, line).stream()
                .mapToLong(l -> l.getBytes(StandardCharsets.UTF_8).length + 1)
                .sum();
    }

    public static byte[] encode(Map<String, String> headers, byte[] body) {
        GenericRecord event = new GenericData.Record(EVENT);
        event.put("headers", headers);
        event.put("body", ByteBuffer.wrap(body));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            new GenericDatumWriter<GenericRecord>(EVENT).write(event, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
