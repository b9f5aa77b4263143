package io.granary.ingestion.flume.poll;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.granary.warehouse.text.Digests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What tells one version of a row from another, read from the row's JSON: the same when the row comes from the database
 * and when its line is found in the journal again.
 *
 * @param key values of the key columns, a JSON array
 * @param hash of the row's JSON
 * @param mark the watermark: microseconds since 1970, or the number
 */
record RowVersion(String key, long hash, long mark) {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads a row.
     *
     * @param row the row's JSON without its opening brace
     * @throws IOException when a key column or the watermark is NULL or missing; it names it
     */
    static RowVersion of(byte[] row, List<String> key, String watermark) throws IOException {
        String[] values = new String[key.size()];
        boolean[] texts = new boolean[key.size()];
        String mark = null;
        try (JsonParser parser = JSON.createParser(
                new SequenceInputStream(new ByteArrayInputStream(new byte[] {'{'}), new ByteArrayInputStream(row)))) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (token == JsonToken.VALUE_NULL) {
                    continue;
                }
                int at = key.indexOf(name);
                if (at >= 0) {
                    values[at] = parser.getText();
                    texts[at] = token == JsonToken.VALUE_STRING;
                }
                if (name.equals(watermark)) {
                    mark = parser.getText();
                }
            }
        }
        return new RowVersion(array(key, values, texts), Digests.sha256Number(row), mark(watermark, mark));
    }

    private static String array(List<String> key, String[] values, boolean[] texts) throws IOException {
        StringWriter array = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(array)) {
            out.writeStartArray();
            for (int i = 0; i < values.length; i++) {
                if (values[i] == null) {
                    throw new IOException("key column '" + key.get(i) + "' of a row is NULL or not there");
                }
                if (texts[i]) {
                    out.writeString(values[i]);
                } else {
                    out.writeRawValue(values[i]);
                }
            }
            out.writeEndArray();
        }
        return array.toString();
    }

    /** Microseconds since 1970 of a time or a date; else a whole number. */
    private static long mark(String watermark, String text) throws IOException {
        if (text == null) {
            throw new IOException("watermark '" + watermark + "' of a row is NULL or not there");
        }
        if (text.endsWith("Z")) {
            return micros(Instant.parse(text));
        }
        if (text.indexOf('-', 1) > 0) {
            return micros(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        }
        try {
            return new BigInteger(text).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IOException(
                    "watermark '" + watermark + "' is '" + text + "': it must be a time or a whole number below 2^63",
                    e);
        }
    }

    static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000L);
    }
}
