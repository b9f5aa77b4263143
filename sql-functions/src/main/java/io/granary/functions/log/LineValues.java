package io.granary.functions.log;

import io.granary.warehouse.log.format.LineFormat;
import java.time.ZoneId;
import java.util.Arrays;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The values of one line after the other. A value is decoded when it is asked for, and depends only on the line up to it:
 * a line with a fault still has the values in front of the fault. One object belongs to one thread.
 */
abstract class LineValues {
    private static final byte UNREAD = 0;
    private static final byte NULL = 1;
    private static final byte SET = 2;
    private static final byte BAD = 3;

    private final byte[] states;
    private final EventHour eventHour;
    private final int eventTime;
    private boolean isJudged;
    private UTF8String reason;

    /** The line now read, without its end. */
    byte[] bytes;

    int from;
    int to;

    /** What {@link #decode} leaves: numbers, times in microseconds, dates in days, doubles as their bits, booleans as 1. */
    final long[] numbers;

    /** Text, decimals and nested values. */
    final Object[] objects;

    LineValues(LineFormat format, ZoneId zone) {
        int columns = format.columns().size();
        states = new byte[columns];
        numbers = new long[columns];
        objects = new Object[columns];
        eventHour = new EventHour(zone);
        eventTime = format.eventTimeColumn();
    }

    /** @param zone of times that name none, and of {@code ds, hh} */
    static LineValues of(LineFormat format, ZoneId zone, Wanted wanted) {
        return format.style() == LineFormat.Style.JSON
                ? new JsonValues(format, zone, wanted)
                : new TextValues(format, zone, wanted);
    }

    final void line(byte[] line, int begin, int end) {
        bytes = line;
        from = begin;
        to = end;
        isJudged = false;
        Arrays.fill(states, UNREAD);
        begin();
    }

    /** A new line is there. */
    abstract void begin();

    /** Whether this is no event, such as a directive of a W3C log. */
    abstract boolean isSkipped();

    /**
     * Reads a value into {@link #numbers} or {@link #objects}.
     *
     * @return whether there is one; {@link #isBad} says whether it is missing or not of its type
     */
    abstract boolean decode(int column);

    /** Whether the line has something for the column that is not of its type. Asked after {@link #decode} gave nothing. */
    abstract boolean isBad(int column);

    /** Why the line is rejected; null when it is not. Called once a line. */
    abstract String fault();

    final boolean isNull(int column) {
        return state(column) != SET;
    }

    /** A value that is a number, or stands as one in {@link #numbers}; without meaning when it is null. */
    final long number(int column) {
        state(column);
        return numbers[column];
    }

    /** A value of another type; without meaning when it is null. */
    final Object object(int column) {
        state(column);
        return objects[column];
    }

    /** Says that the column's value is in {@link #numbers} or {@link #objects} already. */
    final void set(int column) {
        states[column] = SET;
    }

    final boolean isWrong(int column) {
        return state(column) == BAD;
    }

    private byte state(int column) {
        byte state = states[column];
        if (state == UNREAD) {
            state = decode(column) ? SET : isBad(column) ? BAD : NULL;
            states[column] = state;
        }
        return state;
    }

    final UTF8String reason() {
        if (!isJudged) {
            isJudged = true;
            String fault = isSkipped() ? null : fault();
            reason = fault == null ? null : UTF8String.fromString(fault);
        }
        return reason;
    }

    /** Whether the line is an event that has its hour. */
    final boolean isTimed() {
        return reason() == null && eventTime >= 0 && !isNull(eventTime);
    }

    final UTF8String ds() {
        return eventHour.ds(numbers[eventTime]);
    }

    final UTF8String hh() {
        return eventHour.hh(numbers[eventTime]);
    }
}
