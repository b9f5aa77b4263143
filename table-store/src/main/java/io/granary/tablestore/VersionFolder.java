package io.granary.tablestore;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** The form {@code <table>/v=<run id>}: everything one run wrote. */
final class VersionFolder {
    private static final Pattern IN = Pattern.compile("/v=(\\d{8}T\\d{6}Z-[0-9a-f]{6})(?:/|$)");
    private static final Pattern NAME = Pattern.compile("v=(\\d{8}T\\d{6}Z-[0-9a-f]{6})");

    private VersionFolder() {}

    static Path of(Path table, RunId run) {
        return new Path(table, "v=" + run);
    }

    static boolean isIn(String location) {
        return IN.matcher(location).find();
    }

    /** The version that a partition's location belongs to. */
    static Optional<RunId> run(String location) {
        Matcher version = IN.matcher(location);
        return version.find() ? Optional.of(new RunId(version.group(1))) : Optional.empty();
    }

    /** Reads a folder's own name; empty when it is no version. */
    static Optional<RunId> parse(String name) {
        Matcher version = NAME.matcher(name);
        return version.matches() ? Optional.of(new RunId(version.group(1))) : Optional.empty();
    }
}
