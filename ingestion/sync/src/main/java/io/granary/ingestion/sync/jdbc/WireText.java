package io.granary.ingestion.sync.jdbc;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.hive.common.type.HiveDecimal;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.serde2.io.HiveDecimalWritable;

/**
 * A value as the database sent it: a stretch of UTF-8 or plain bytes, good until the next value is read. Read without an
 * object of its own, since a table has millions of them.
 */
public final class WireText {
    /** Digits that a long holds whatever they are. */
    private static final int LONG_DIGITS = 18;

    private static final long[] POWERS = powers();

    private byte[] bytes = new byte[0];
    private int start;
    private int length;

    WireText set(byte[] newBytes, int newStart, int newLength) {
        bytes = newBytes;
        start = newStart;
        length = newLength;
        return this;
    }

    public int length() {
        return length;
    }

    void copyTo(BytesColumnVector vector, int at) {
        vector.setVal(at, bytes, start, length);
    }

    byte first() {
        return length == 0 ? 0 : bytes[start];
    }

    /** Bytes as one number without sign, the highest byte first: how a BIT comes. At most eight. */
    long bits() {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | bytes[start + i] & 0xff;
        }
        return value;
    }

    long integer() {
        boolean negative = length > 0 && bytes[start] == '-';
        long value = 0;
        if (length == 0 || length - (negative ? 1 : 0) > LONG_DIGITS) {
            return new BigDecimal(toString()).longValueExact();
        }
        for (int i = negative ? 1 : 0; i < length; i++) {
            value = value * 10 + digit(i);
        }
        return negative ? -value : value;
    }

    double number() {
        return Double.parseDouble(toString());
    }

    /** @throws ArithmeticException when it has more digits than the vector takes, or is no number */
    void copyTo(DecimalColumnVector vector, int at, int precision, int scale) {
        HiveDecimalWritable cell = vector.vector[at];
        boolean negative = length > 0 && bytes[start] == '-';
        int digits = 0;
        int fraction = -1;
        long unscaled = 0;
        for (int i = negative ? 1 : 0; i < length; i++) {
            if (bytes[start + i] == '.' && fraction < 0) {
                fraction = 0;
                continue;
            }
            unscaled = unscaled * 10 + digitOfDecimal(i);
            digits++;
            fraction = fraction < 0 ? fraction : fraction + 1;
        }
        int missing = scale - Math.max(fraction, 0);
        if (digits == 0 || missing < 0 || digits + missing > LONG_DIGITS) {
            slowDecimal(cell, precision, scale);
            return;
        }
        unscaled *= POWERS[missing];
        if (precision < LONG_DIGITS && unscaled >= POWERS[precision]) {
            throw new ArithmeticException("it has more than " + precision + " digits");
        }
        cell.setFromLongAndScale(negative ? -unscaled : unscaled, scale);
    }

    private void slowDecimal(HiveDecimalWritable cell, int precision, int scale) {
        BigDecimal exact;
        try {
            exact = new BigDecimal(toString()).setScale(scale);
        } catch (NumberFormatException e) {
            ArithmeticException noNumber = new ArithmeticException("it is no number");
            noNumber.initCause(e);
            throw noNumber;
        }
        if (exact.precision() > precision) {
            throw new ArithmeticException("it has " + exact.precision() + " digits");
        }
        cell.set(HiveDecimal.create(exact));
    }

    /** Whether it is a date with a year, month or day of zeros. */
    boolean isZeroDate() {
        return length >= 10 && (isZero(0, 4) && bytes[start + 4] == '-' || isZero(5, 7) || isZero(8, 10));
    }

    long epochDay() {
        return WallClock.epochDay(bytes, start, length);
    }

    void copyTo(TimestampColumnVector vector, int at) {
        WallClock.set(vector, at, WallClock.epochSecond(bytes, start, length), WallClock.nanos(bytes, start, length));
    }

    @Override
    public String toString() {
        return new String(bytes, start, length, StandardCharsets.UTF_8);
    }

    private boolean isZero(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[start + i] != '0') {
                return false;
            }
        }
        return true;
    }

    private int digit(int i) {
        int digit = bytes[start + i] - '0';
        if (digit < 0 || digit > 9) {
            throw new ArithmeticException("it is no whole number");
        }
        return digit;
    }

    private int digitOfDecimal(int i) {
        int digit = bytes[start + i] - '0';
        if (digit < 0 || digit > 9) {
            throw new ArithmeticException("it is no number");
        }
        return digit;
    }

    private static long[] powers() {
        long[] powers = new long[LONG_DIGITS + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
