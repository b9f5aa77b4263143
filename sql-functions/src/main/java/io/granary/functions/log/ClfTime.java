package io.granary.functions.log;

/** {@code 17/May/2015:10:05:03 +0000}. Lines of one day and zone only read the time of day. */
final class ClfTime extends TimeReader {
    private static final String FORM = "17/May/2015:10:05:03 +0000";

    /** Day and zone of the last time, as bytes, and where that day begins, in seconds. */
    private long date;

    private long year;
    private long zone;
    private long midnight;

    ClfTime() {
        super(FORM);
    }

    @Override
    long micros(byte[] line, int from, int to) {
        if (to - from != FORM.length()) {
            return INVALID;
        }
        long atDate = Bytes.word(line, from);
        long atYear = Bytes.word(line, from + 4);
        long atZone = Bytes.word(line, from + 18) >>> 16;
        int second = second(line, from);
        if (atDate == date && atYear == year && atZone == zone && second >= 0) {
            return (midnight + second) * 1_000_000L;
        }
        long micros = LogTime.micros(line, from, to);
        if (micros != INVALID) {
            date = atDate;
            year = atYear;
            zone = atZone;
            midnight = micros / 1_000_000L - second;
        }
        return micros;
    }

    private static int second(byte[] line, int from) {
        if (line[from + 14] != ':' || line[from + 17] != ':') {
            return -1;
        }
        return secondOfDay(digits(line, from + 12, 2), digits(line, from + 15, 2), digits(line, from + 18, 2));
    }
}
