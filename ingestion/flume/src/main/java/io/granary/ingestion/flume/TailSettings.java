package io.granary.ingestion.flume;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * @param maxLineBytes longest line, with its newline; must fit into a Kafka request
 * @param batchBytes sent in one transaction of the channel
 * @param flush how long a written line may wait ({@code flushMs})
 * @param scan between two looks for new, renamed and removed files ({@code scanMs})
 * @param save between two writes of the position file ({@code saveMs})
 * @param close how long a rotated file must be quiet to be finished ({@code closeMs})
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
        Duration flush,
        Duration scan,
        Duration save,
        Duration close) {

    static final int CHUNK_BYTES = 64 * 1024;
    static final Duration FLUSH = Duration.ofMillis(75);

    TailSettings {
        files = List.copyOf(files);
        if (chunkBytes < 1 || maxLineBytes < chunkBytes) {
            throw new ConfigurationException("chunkBytes is " + chunkBytes + " and maxLineBytes " + maxLineBytes
                    + "; both must be positive and a line may not be shorter than a chunk");
        }
        if (partitions < 1) {
            throw new ConfigurationException("partitions is " + partitions + ", it must be 1 or more");
        }
    }

    static TailSettings of(Context context) {
        List<FileSet> files = new ArrayList<>();
        for (String name : required(context, "files").trim().split("\\s+")) {
            files.add(fileSet(context, "files." + name + "."));
        }
        return new TailSettings(
                required(context, "source"),
                required(context, "region"),
                required(context, "host"),
                files,
                Path.of(required(context, "positionFile")),
                context.getInteger("partitions", 4),
                context.getInteger("chunkBytes", CHUNK_BYTES),
                context.getInteger("maxLineBytes", 256 * 1024),
                context.getInteger("batchBytes", 2 * 1024 * 1024),
                millis(context, "flushMs", FLUSH),
                millis(context, "scanMs", Duration.ofMillis(500)),
                millis(context, "saveMs", Duration.ofMillis(200)),
                millis(context, "closeMs", Duration.ofSeconds(60)));
    }

    private static FileSet fileSet(Context context, String at) {
        String identity = context.getString(at + "identity", "inode");
        try {
            FileSet.Identity known = FileSet.Identity.valueOf(identity.toUpperCase(Locale.ROOT));
            String site = known == FileSet.Identity.NAME ? null : required(context, at + "site");
            return new FileSet(site, new Glob(required(context, at + "glob")), known);
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
        return value;
    }

    private static Duration millis(Context context, String key, Duration otherwise) {
        return Duration.ofMillis(context.getLong(key, otherwise.toMillis()));
    }
}
