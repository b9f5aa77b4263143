package io.granary.functions.log;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.types.Decimal;

/** Numbers in a line's bytes, read strictly: every byte belongs to the number. */
final class Numbers {
    /** What {@link #whole} returns for what is no whole number, or too large; the smallest BIGINT is among these. */
    static final long INVALID = Long.MIN_VALUE;

    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final int LONGEST = 400;

    private Numbers() {}

    /** Digits alone, as logs write counts; -1 when it is something else. */
    static long count(byte[] line, int from, int to) {
        if (from == to || to - from > 18) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = line[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** A whole number with or without a sign, within {@code -max - 1} and {@code max}. */
    static long whole(byte[] line, int from, int to, long max) {
        boolean negative = from < to && line[from] == '-';
        int at = negative || from < to && line[from] == '+' ? from + 1 : from;
        if (at == to) {
            return INVALID;
        }
        // downwards, since there is one more of the negative numbers
        long value = 0;
        for (; at < to; at++) {
            int digit = line[at] - '0';
            if (digit < 0 || digit > 9 || value < -922337203685477580L) {
                return INVALID;
            }
            value = value * 10 - digit;
            if (value > 0) {
                return INVALID;
            }
        }
        if (negative) {
            return value < -max - 1 ? INVALID : value;
        }
        return value < -max ? INVALID : -value;
    }

    /** A number with or without fraction and exponent; NaN when it is something else. */
    static double real(byte[] line, int from, int to) {
        long mantissa = 0;
        int digits = 0;
        int scale = -1;
        int at = from < to && (line[from] == '-' || line[from] == '+') ? from + 1 : from;
        for (; at < to; at++) {
            int digit = line[at] - '0';
            if (digit >= 0 && digit <= 9) {
                mantissa = mantissa * 10 + digit;
                digits++;
                scale += scale >= 0 ? 1 : 0;
            } else if (line[at] == '.' && scale < 0) {
                scale = 0;
            } else {
                break;
            }
        }
        if (digits == 0) {
            return Double.NaN;
        }
        if (at < to || digits > 15) {
            return isExponent(line, at, to) ? slow(line, from, to) : Double.NaN;
        }
        double value = real(mantissa, scale);
        return line[from] == '-' ? -value : value;
    }

    /** At most 15 digits, of which {@code scale} are behind the point. */
    static double real(long digits, int scale) {
        // both are exact, so one division rounds right
        return scale > 0 ? digits / TENS[scale] : digits;
    }

    private static boolean isExponent(byte[] line, int from, int to) {
        if (from == to) {
            return true;
        }
        if (line[from] != 'e' && line[from] != 'E') {
            return false;
        }
        int at = from + 1 < to && (line[from + 1] == '-' || line[from + 1] == '+') ? from + 2 : from + 1;
        return count(line, at, to) >= 0;
    }

    private static double slow(byte[] line, int from, int to) {
        return Double.parseDouble(new String(line, from, to - from, StandardCharsets.ISO_8859_1));
    }

    /** A decimal, rounded half up to its scale as a cast does; null when it is no number or too large. */
    static Decimal decimal(byte[] line, int from, int to, int precision, int scale) {
        if (to - from > LONGEST || Double.isNaN(real(line, from, to))) {
            return null;
        }
        BigDecimal value;
        try {
            value = new BigDecimal(new String(line, from, to - from, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            // an exponent beyond all measure
            return null;
        }
        if ((long) value.precision() - value.scale() > precision - scale) {
            return null;
        }
        BigDecimal rounded = value.scale() > LONGEST ? BigDecimal.ZERO : value.setScale(scale, RoundingMode.HALF_UP);
        return rounded.precision() > precision
                ? null
                : Decimal.apply(rounded.setScale(scale, RoundingMode.HALF_UP), precision, scale);
    }
}
