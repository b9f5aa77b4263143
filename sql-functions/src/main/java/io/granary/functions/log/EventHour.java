package io.granary.functions.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.apache.spark.unsafe.types.UTF8String;

/** Day and hour of an event in its source's zone. The hour of the event before is remembered. */
final class EventHour {
    private static final long SECOND = 1_000_000L;

    private final ZoneId zone;
    private long from = 1;
    private long to;
    private UTF8String ds;
    private UTF8String hh;

    EventHour(ZoneId zone) {
        this.zone = zone;
    }

    /** {@code yyyy-MM-dd}. */
    UTF8String ds(long micros) {
        at(micros);
        return ds;
    }

    /** {@code 00} to {@code 23}. */
    UTF8String hh(long micros) {
        at(micros);
        return hh;
    }

    private void at(long micros) {
        if (micros >= from && micros < to) {
            return;
        }
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(micros, SECOND));
        ZonedDateTime local = instant.atZone(zone);
        ZonedDateTime hour = local.truncatedTo(ChronoUnit.HOURS);
        ZoneOffset offset = local.getOffset();
        Instant begin = hour.toLocalDateTime().toInstant(offset);
        Instant end = begin.plusSeconds(3600);
        boolean steady = zone.getRules().getOffset(begin).equals(offset)
                && zone.getRules().getOffset(end.minusSeconds(1)).equals(offset);
        // in an hour in which the clocks change every second is looked at
        from = (steady ? begin : instant).getEpochSecond() * SECOND;
        to = (steady ? end : instant.plusSeconds(1)).getEpochSecond() * SECOND;
        ds = UTF8String.fromString(local.toLocalDate().toString());
        hh = UTF8String.fromString(String.format(Locale.ROOT, "%02d", local.getHour()));
    }
}
