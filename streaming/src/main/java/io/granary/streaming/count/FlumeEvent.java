package io.granary.streaming.count;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The Avro datum {@code AvroFlumeEvent {map<string> headers; bytes body}} that Flume's KafkaChannel writes. */
final class FlumeEvent {
    private static final int MOST_HEADERS = 1000;

    private final byte[] datum;
    private int at;

    private FlumeEvent(byte[] datum) {
        this.datum = datum;
    }

    record Event(Map<String, String> headers, byte[] body) {}

    /** @throws IllegalArgumentException when it is no such datum */
    static Event parse(byte[] datum) {
        if (datum == null) {
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
        if (at + length != datum.length) {
            throw new IllegalArgumentException("the record is no Avro event of Flume, or not whole");
        }
        return new Event(headers, Arrays.copyOfRange(datum, at, at + length));
    }

    private String text() {
        int length = length();
        String text = new String(datum, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    private int length() {
        long length = number();
        if (length < 0 || length > datum.length - at) {
            throw new IndexOutOfBoundsException("a length of " + length);
        }
        return (int) length;
    }

    private long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte part = datum[at++];
            value |= (part & 0x7fL) << shift;
            if (part >= 0) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        throw new IndexOutOfBoundsException("a number of more than ten bytes");
    }
}
