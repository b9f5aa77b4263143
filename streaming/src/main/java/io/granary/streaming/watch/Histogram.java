package io.granary.streaming.watch;

/** A Prometheus histogram of seconds. */
final class Histogram {
    /** Upper bounds: from what one slice takes to what no batch should. */
    private static final double[] BOUNDS = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

    private final long[] below = new long[BOUNDS.length];
    private long count;
    private double sum;

    synchronized void add(double seconds) {
        count++;
        sum += seconds;
        for (int i = BOUNDS.length - 1; i >= 0 && seconds <= BOUNDS[i]; i--) {
            below[i]++;
        }
    }

    /** @param each is given each upper bound (the last one infinite) and how many values do not exceed it */
    synchronized void read(Buckets each, Total total) {
        for (int i = 0; i < BOUNDS.length; i++) {
            each.bucket(BOUNDS[i], below[i]);
        }
        each.bucket(Double.POSITIVE_INFINITY, count);
        total.total(count, sum);
    }

    interface Buckets {
        void bucket(double bound, long count);
    }

    interface Total {
        void total(long count, double sum);
    }
}
