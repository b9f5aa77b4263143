package io.granary.cluster;

/** Takes one line of progress; may be called from several threads. */
@FunctionalInterface
public interface Progress {
    void say(String line);

    /** Lines on stderr, each with the seconds since now. */
    static Progress stderr() {
        long start = System.nanoTime();
        return line -> System.err.printf("%5.1f s  %s%n", (System.nanoTime() - start) / 1e9, line);
    }
}
