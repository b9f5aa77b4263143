package io.granary.bench;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.BitSet;
import java.util.zip.CRC32;

/**
 * Which lines of a {@link CollectLog} are there, and whether they are whole: their serial numbers, bytes and checksums,
 * in any order. Two tallies are equal when the same lines went into them.
 */
final class LineTally {
    private static final int DIGITS = 10;

    private final BitSet serials = new BitSet();
    private final CRC32 crc = new CRC32();
    private long lines;
    private long bytes;
    private long checksum;

    /** Counts a line, given without its newline. */
    void line(byte[] from, int start, int end) {
        lines++;
        bytes += end - start + 1;
        crc.reset();
        crc.update(from, start, end - start);
        checksum += crc.getValue();
        serials.set(serial(from, start));
    }

    /** Counts the lines of a text that ends with a newline. */
    void text(byte[] from, int start, int end) {
        int line = start;
        for (int i = start; i < end; i++) {
            if (from[i] == '\n') {
                line(from, line, i);
                line = i + 1;
            }
        }
        if (line != end) {
            throw new GranaryException(ErrorCode.DATA, (end - line) + " bytes of a torn line were collected");
        }
    }

    /** Adds what another tally counted. */
    void add(LineTally other) {
        lines += other.lines;
        bytes += other.bytes;
        checksum += other.checksum;
        serials.or(other.serials);
    }

    long lines() {
        return lines;
    }

    /** With newlines. */
    long bytes() {
        return bytes;
    }

    /** @throws GranaryException when other lines were collected than these, or one twice, or not whole */
    void requireEqual(LineTally collected, String where) {
        if (lines != collected.lines
                || bytes != collected.bytes
                || checksum != collected.checksum
                || !serials.equals(collected.serials)) {
            throw new GranaryException(
                    ErrorCode.DATA, where + " holds other lines than the log: " + collected + ", and the log " + this);
        }
    }

    /** The number of a line: ten digits after {@code {"event_id":"e}, or after the address and {@code - u}. */
    static int serial(byte[] from, int start) {
        int at = start;
        if (from[start] == '{') {
            at += CollectLog.JSON_SERIAL;
        } else {
            while (from[at] != ' ') {
                at++;
            }
            at += CollectLog.COMBINED_SERIAL;
        }
        int serial = 0;
        for (int i = 0; i < DIGITS; i++) {
            serial = serial * 10 + from[at + i] - '0';
        }
        return serial;
    }

    @Override
    public String toString() {
        return lines + " lines (" + serials.cardinality() + " different), " + bytes + " bytes, checksum " + checksum;
    }
}
