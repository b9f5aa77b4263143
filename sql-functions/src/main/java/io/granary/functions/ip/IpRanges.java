package io.granary.functions.ip;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Classes of addresses by prefix, the longest prefix counts: prefixes are cut up into ranges that do not overlap, of which a
 * search by halves finds the right one.
 */
final class IpRanges {
    /** A point in the space of addresses: those of 128 bits, unsigned. */
    private record Point(long high, long low) implements Comparable<Point> {
        @Override
        public int compareTo(Point other) {
            int byHigh = Long.compareUnsigned(high, other.high);
            return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
        }

        /** All zeros when this is the last one. */
        Point next() {
            return new Point(low == -1 ? high + 1 : high, low + 1);
        }
    }

    private record Prefix(Point first, Point last, int bits, UTF8String kind) {
        /** @param text such as {@code 10.0.0.0/8 private}; the first two words are read */
        static Prefix of(String text) {
            String[] words = text.strip().split("\\s+");
            String[] parts = words[0].split("/");
            IpAddress address = IpAddress.of(UTF8String.fromString(parts[0]));
            int bits = Integer.parseInt(parts[1]);
            Point first = new Point(address.high(), address.low());
            long low = first.low() | (address.isV4() ? mask(32 - bits) : mask(128 - bits));
            long high = first.high() | (address.isV4() ? 0 : mask(64 - bits));
            return new Prefix(first, new Point(high, low), bits, UTF8String.fromString(words[1]));
        }

        boolean holds(Point point) {
            return first.compareTo(point) <= 0 && point.compareTo(last) <= 0;
        }
    }

    private final long[] highs;
    private final long[] lows;
    private final UTF8String[] kinds;

    /** @param prefixes all of one version of IP, one of them of 0 bits; see {@link Prefix#of} */
    IpRanges(List<String> prefixes) {
        List<Prefix> all = prefixes.stream()
                .map(Prefix::of)
                .sorted(Comparator.comparingInt(prefix -> -prefix.bits()))
                .toList();
        TreeSet<Point> starts = new TreeSet<>();
        for (Prefix prefix : all) {
            starts.add(prefix.first());
            starts.add(prefix.last().next());
        }
        List<Point> points = new ArrayList<>(starts);
        highs = points.stream().mapToLong(Point::high).toArray();
        lows = points.stream().mapToLong(Point::low).toArray();
        kinds = points.stream()
                .map(point -> all.stream()
                        .filter(prefix -> prefix.holds(point))
                        .findFirst()
                        .orElse(all.get(all.size() - 1))
                        .kind())
                .toArray(UTF8String[]::new);
    }

    UTF8String kind(long high, long low) {
        int from = 0;
        int to = highs.length - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            int order = Long.compareUnsigned(highs[middle], high);
            if (order > 0 || order == 0 && Long.compareUnsigned(lows[middle], low) > 0) {
                to = middle - 1;
            } else {
                from = middle;
            }
        }
        return kinds[from];
    }

    /** As many ones, at the right, as there are bits; none below 0 and all above 63. */
    static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1 : (1L << bits) - 1;
    }
}
