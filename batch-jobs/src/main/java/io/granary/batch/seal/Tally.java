package io.granary.batch.seal;

/** What became of lines. {@code read} comes from the agent's line numbers, the others from what there is. */
record Tally(long read, long loaded, long duplicate, long quarantined, long lost, long missing, long skipped) {
    static final Tally ZERO = new Tally(0, 0, 0, 0, 0, 0, 0);

    static Tally read(long lines) {
        return new Tally(lines, 0, 0, 0, 0, 0, 0);
    }

    static Tally loaded(long lines) {
        return new Tally(0, lines, 0, 0, 0, 0, 0);
    }

    static Tally quarantined(long lines) {
        return new Tally(0, 0, 0, lines, 0, 0, 0);
    }

    static Tally skipped(long lines) {
        return new Tally(0, 0, 0, 0, 0, 0, lines);
    }

    static Tally lost(long lines) {
        return new Tally(0, 0, 0, 0, lines, 0, 0);
    }

    static Tally duplicate(long lines) {
        return new Tally(0, 0, lines, 0, 0, 0, 0);
    }

    /** Lines that the agent's numbers tell of and that are not there; negative when they came. */
    static Tally missing(long lines) {
        return new Tally(lines, 0, 0, 0, 0, lines, 0);
    }

    Tally plus(Tally other) {
        return new Tally(
                read + other.read,
                loaded + other.loaded,
                duplicate + other.duplicate,
                quarantined + other.quarantined,
                lost + other.lost,
                missing + other.missing,
                skipped + other.skipped);
    }

    boolean isBalanced() {
        return read == loaded + duplicate + quarantined + lost + missing + skipped;
    }

    @Override
    public String toString() {
        return "read_lines " + read + ", loaded " + loaded + ", duplicate " + duplicate + ", quarantined " + quarantined
                + ", lost " + lost + ", missing " + missing + ", skipped " + skipped;
    }
}
