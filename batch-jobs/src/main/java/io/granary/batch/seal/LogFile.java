package io.granary.batch.seal;

import java.util.Comparator;

/** A generation of a log file, by what makes it unique. */
record LogFile(String region, String host, String file) implements Comparable<LogFile> {
    private static final Comparator<LogFile> ORDER =
            Comparator.comparing(LogFile::region).thenComparing(LogFile::host).thenComparing(LogFile::file);

    LogFile {
        region = region == null ? "" : region;
    }

    @Override
    public int compareTo(LogFile other) {
        return ORDER.compare(this, other);
    }
}
