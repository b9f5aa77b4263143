package io.granary.streaming.count;

import io.granary.streaming.topic.RecordValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.unsafe.types.UTF8String;

/** The Avro datum {@code AvroFlumeEvent {map<string> headers; bytes body}} that Flume's KafkaChannel writes. */
final class FlumeEvent {
    private static final int MOST_HEADERS = 1000;

    private final byte[] datum;
    private final int end;
    private int at;

    private FlumeEvent(RecordValue datum) {
        this.datum = datum.bytes();
        this.at = datum.from();
        this.end = datum.to();
    }

    /** @param body lies where the datum lies, and holds as long */
    record Event(Map<String, String> headers, UTF8String body) {}

    /** @throws IllegalArgumentException when it is no such datum */
    static Event parse(RecordValue datum) {
        if (datum.bytes() == null) {
            throw new IllegalArgumentException("the record has no value");
        }
        try {
            return new FlumeEvent(datum).event();
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("the record is no Avro event of Flume", e);
        }
    }

    private Event event() {
        Map<String, String> headers = new HashMap<>();
        for (long count = number(); count != 0; count = number()) {
            if (count < 0) {
                number();
                count = -count;
            }
            if (count > MOST_HEADERS) {
                throw new IllegalArgumentException("the record is no Avro event of Flume");
            }
            for (long i = 0; i < count; i++) {
                String name = text();
                headers.put(name, text());
            }
        }
        int length = length();
        if (at + length != end) {
            throw new IllegalArgumentException("the record is no Avro event of Flume, or not whole");
        }
        return new Event(headers, UTF8String.fromBytes(datum, at, length));
    }

    private String text() {
        int length = length();
        String text = new String(datum, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    private int length() {
        long length = number();
        if (length < 0 || length > end - at) {
            throw new IndexOutOfBoundsException("a length of " + length);
        }
        return (int) length;
    }

    private long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at >= end) {
                break;
            }
            byte part = datum[at++];
            value |= (part & 0x7fL) << shift;
            if (part >= 0) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        throw new IndexOutOfBoundsException("a number without an end");
    }
}
