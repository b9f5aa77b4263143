package io.granary.bench.flink;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The fields found in the bytes by a scanner that was written for this benchmark; no text is made of them. */
final class ScannedFields implements EventFields {
    private static final byte[] VIEW = "view".getBytes(StandardCharsets.US_ASCII);
    private static final int TIME_LENGTH = "2026-11-22T10:28:19.123".length();
    private static final int AD = 0;
    private static final int KIND = 1;
    private static final int TIME = 2;

    private final JsonFields fields = new JsonFields("ad_id", "event_type", "event_time");
    private final IsoTimes times = new IsoTimes();
    private final char[] time = new char[TIME_LENGTH];

    @Override
    public boolean read(byte[] bytes, int start, int end, AdView view) {
        if (!fields.read(bytes, start, end)) {
            return false;
        }
        int kind = fields.from[KIND];
        if (!Arrays.equals(VIEW, 0, VIEW.length, bytes, kind, kind + fields.length[KIND])) {
            return false;
        }
        view.bytes = bytes;
        view.ad = fields.from[AD];
        view.adLength = fields.length[AD];
        for (int i = 0; i < TIME_LENGTH; i++) {
            time[i] = (char) bytes[fields.from[TIME] + i];
        }
        view.at = times.millis(time, 0);
        return true;
    }
}
