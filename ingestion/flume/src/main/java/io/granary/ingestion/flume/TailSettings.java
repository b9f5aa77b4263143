package io.granary.ingestion.flume;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flume.Context;
import org.apache.flume.conf.ConfigurationException;

/**
 * Settings of a {@link LogTailSource}, by the names they have in the agent's properties. Sizes are bytes.
 *
 * @param source {@code <subject>.<source>}
 * @param files what to read; {@code files = a b}, then {@code files.a.site}, {@code files.a.glob} and
 *     {@code files.a.identity} ({@code inode} or {@code name})
 * @param partitions of the topic
 * @param chunkBytes size that a chunk is filled up to
 * @param maxLineBytes a line with so many bytes before its newline is too long
 * @param batchBytes sent in one transaction of the channel
 * @param spoolBytes of a compressed file that are unpacked at once, beside the position file
 * @param maxOpenFiles files held open at once; more are closed when they are read to their end
 * @param lockFolder where agents of this machine lock the globs that they read
 * @param flush how long a written line may wait ({@code flushMs})
 * @param scan between two looks for new, renamed and removed files ({@code scanMs})
 * @param save between two writes of the position file ({@code saveMs})
 * @param close how long a rotated file must be quiet to be finished ({@code closeMs})
 * @param heartbeat between two heartbeats ({@code heartbeatMs})
 */
record TailSettings(
        String source,
        String region,
        String host,
        List<FileSet> files,
        Path positionFile,
        int partitions,
        int chunkBytes,
        int maxLineBytes,
        int batchBytes,
        long spoolBytes,
        int maxOpenFiles,
        Path lockFolder,
        Duration flush,
        Duration scan,
        Duration save,
        Duration close,
        Duration heartbeat) {

    static final int CHUNK_BYTES = 64 * 1024;
    static final Duration FLUSH = Duration.ofMillis(75);

    private static final long SPOOL_BYTES = 256L * 1024 * 1024;
    private static final Set<String> KEYS = new TreeSet<>(Set.of(
            "source",
            "region",
            "host",
            "files",
            "positionFile",
            "partitions",
            "chunkBytes",
            "maxLineBytes",
            "batchBytes",
            "spoolBytes",
            "maxOpenFiles",
            "lockFolder",
            "flushMs",
            "scanMs",
            "saveMs",
            "closeMs",
            "heartbeatMs"));
    private static final Set<String> FILE_KEYS = Set.of("site", "glob", "identity");
    /** What Flume itself reads from a source's settings. */
    private static final Set<String> FLUME_KEYS = Set.of("type", "channels", "selector", "interceptors");

    TailSettings {
        files = List.copyOf(files);
        if (chunkBytes < 1 || maxLineBytes < chunkBytes) {
            throw new ConfigurationException("chunkBytes is " + chunkBytes + " and maxLineBytes " + maxLineBytes
                    + "; both must be positive and a line may not be shorter than a chunk");
        }
        if (partitions < 1) {
            throw new ConfigurationException("partitions is " + partitions + ", it must be 1 or more");
        }
        if (spoolBytes < maxLineBytes || maxOpenFiles < 1 || batchBytes < 1) {
            throw new ConfigurationException("spoolBytes is " + spoolBytes + ", maxOpenFiles " + maxOpenFiles
                    + " and batchBytes " + batchBytes + "; a spool may not be shorter than a line, the others are 1 or"
                    + " more");
        }
    }

    /** @throws ConfigurationException when a value is missing or wrong, or a setting is unknown; it names it */
    static TailSettings of(Context context) {
        List<FileSet> files = new ArrayList<>();
        List<String> names = List.of(required(context, "files").trim().split("\\s+"));
        refuseUnknown(context, names);
        for (String name : names) {
            files.add(fileSet(context, "files." + name + "."));
        }
        return new TailSettings(
                required(context, "source"),
                required(context, "region"),
                required(context, "host"),
                files,
                Path.of(required(context, "positionFile")),
                (int) number(context, "partitions", 4),
                (int) number(context, "chunkBytes", CHUNK_BYTES),
                (int) number(context, "maxLineBytes", 256 * 1024),
                (int) number(context, "batchBytes", 2 * 1024 * 1024),
                number(context, "spoolBytes", SPOOL_BYTES),
                (int) number(context, "maxOpenFiles", 500),
                Path.of(Optional.ofNullable(context.getString("lockFolder"))
                        .orElse(System.getProperty("java.io.tmpdir") + "/granary-locks-"
                                + System.getProperty("user.name"))),
                millis(context, "flushMs", FLUSH),
                millis(context, "scanMs", Duration.ofMillis(500)),
                millis(context, "saveMs", Duration.ofMillis(200)),
                millis(context, "closeMs", Duration.ofSeconds(60)),
                millis(context, "heartbeatMs", Duration.ofSeconds(2)));
    }

    /** The files that a path is, or was before it was rotated, one of. */
    Optional<FileSet> files(Path path) {
        String name = path.getFileName().toString();
        for (int end = name.length(); end > 0; end--) {
            if (end == name.length() || ".-_".indexOf(name.charAt(end)) >= 0) {
                Path original = path.resolveSibling(name.substring(0, end));
                Optional<FileSet> found =
                        files.stream().filter(f -> f.glob().matches(original)).findFirst();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static void refuseUnknown(Context context, List<String> fileSets) {
        for (String key : new TreeSet<>(context.getParameters().keySet())) {
            String[] parts = key.split("\\.");
            boolean known = parts.length == 1 && KEYS.contains(key)
                    || FLUME_KEYS.contains(parts[0])
                    || parts.length == 3
                            && parts[0].equals("files")
                            && fileSets.contains(parts[1])
                            && FILE_KEYS.contains(parts[2]);
            if (!known) {
                throw new ConfigurationException("LogTailSource has no setting '" + key + "'; it has "
                        + String.join(", ", KEYS) + ", and files.<name>.site, .glob and .identity for each name of"
                        + " 'files' (" + String.join(" ", fileSets) + ")");
            }
        }
    }

    private static FileSet fileSet(Context context, String at) {
        String identity = context.getString(at + "identity", "inode");
        try {
            FileSet.Identity known = FileSet.Identity.valueOf(identity.toUpperCase(Locale.ROOT));
            String site = known == FileSet.Identity.NAME ? null : required(context, at + "site");
            return new FileSet(at + "glob", site, new Glob(required(context, at + "glob")), known);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    at + "glob or " + at + "identity (inode, name; is '" + identity + "') is wrong: " + e.getMessage(),
                    e);
        }
    }

    private static String required(Context context, String key) {
        String value = context.getString(key);
        if (value == null || value.isBlank()) {
            throw new ConfigurationException("LogTailSource needs a value for '" + key + "'");
        }
        if (value.contains("${")) {
            throw new ConfigurationException("LogTailSource: '" + key + "' is '" + value
                    + "': what it refers to is not set. Set that environment variable or system property.");
        }
        return value;
    }

    private static long number(Context context, String key, long otherwise) {
        String value = context.getString(key);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value.trim());
            if (number < 0 || !key.equals("spoolBytes") && !key.endsWith("Ms") && number > Integer.MAX_VALUE) {
                throw new NumberFormatException();
            }
            return number;
        } catch (NumberFormatException e) {
            throw new ConfigurationException(
                    "LogTailSource: '" + key + "' is '" + value + "', not a whole number that it can be", e);
        }
    }

    private static Duration millis(Context context, String key, Duration otherwise) {
        return Duration.ofMillis(number(context, key, otherwise.toMillis()));
    }
}
