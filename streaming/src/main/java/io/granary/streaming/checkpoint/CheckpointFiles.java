package io.granary.streaming.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.streaming.store.Epoch;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Files below a checkpoint, each written whole or not at all: beside its place, and then renamed. */
final class CheckpointFiles {
    /** A batch's file, {@code 12.json} of ours or {@code 12} of Spark. */
    private static final Pattern BATCH = Pattern.compile("(\\d+)(\\.json)?");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path spark;
    private final FileSystem files;
    private final Replacement replacement;

    CheckpointFiles(Path spark, Configuration configuration) {
        this.spark = spark;
        try {
            FileSystem found = spark.getFileSystem(configuration);
            // checksums in files of their own could not be replaced together with what they are of
            files = found instanceof LocalFileSystem local ? local.getRaw() : found;
            replacement = Replacement.on(files, configuration);
        } catch (IOException e) {
            throw unreachable("open", spark, e);
        }
    }

    /** What a person can do when the checkpoint and Redis cannot go on together. */
    String startAnew() {
        // the folder has the query's name
        return "To count again from the start of the topic, remove the folder " + spark + " and then from Redis "
                + Epoch.keys(spark.getName())
                + ", ask for what Kafka no longer holds (`granary counters count <counter>"
                + " --from <day>`, for each of its counters), and start streaming again.";
    }

    /** Numbers of the batches that have a file in a folder. */
    LongStream batches(Path folder) {
        return names(folder).stream()
                .map(BATCH::matcher)
                .filter(Matcher::matches)
                .mapToLong(m -> Long.parseLong(m.group(1)));
    }

    List<String> names(Path folder) {
        try {
            if (!files.exists(folder)) {
                return List.of();
            }
            return Arrays.stream(files.listStatus(folder))
                    .map(f -> f.getPath().getName())
                    .toList();
        } catch (IOException e) {
            throw unreachable("list", folder, e);
        }
    }

    boolean exists(Path file) {
        try {
            return files.exists(file);
        } catch (IOException e) {
            throw unreachable("look for", file, e);
        }
    }

    Optional<byte[]> read(Path file) {
        try {
            if (!files.exists(file)) {
                return Optional.empty();
            }
            try (InputStream in = files.open(file)) {
                return Optional.of(in.readAllBytes());
            }
        } catch (IOException e) {
            throw unreachable("read", file, e);
        }
    }

    <T> Optional<T> read(Path file, Class<T> type) {
        return read(file).map(json -> {
            try {
                return JSON.readValue(json, type);
            } catch (IOException e) {
                throw broken(file, e);
            }
        });
    }

    void write(Path file, byte[] content) {
        put(part(file, content));
    }

    void writeJson(Path file, Object value) {
        write(file, json(value));
    }

    static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "cannot be written as JSON: " + e.getMessage(), e);
        }
    }

    /** A file that is written and not yet in its place. */
    record Part(Path part, Path place) {}

    Part part(Path file, byte[] content) {
        Path part = new Path(file.getParent(), "." + file.getName() + ".part");
        try (OutputStream out = files.create(part, true)) {
            out.write(content);
        } catch (IOException e) {
            throw unreachable("write", file, e);
        }
        return new Part(part, file);
    }

    void put(Part written) {
        try {
            replacement.put(files.makeQualified(written.part()), files.makeQualified(written.place()));
        } catch (IOException e) {
            throw unreachable("write", written.place(), e);
        }
    }

    void delete(Path file) {
        try {
            files.delete(file, false);
        } catch (IOException e) {
            throw unreachable("delete", file, e);
        }
    }

    GranaryException broken(Path file, IOException e) {
        return new GranaryException(
                ErrorCode.DATA, "file " + file + " is broken: " + e.getMessage() + "; " + startAnew(), e);
    }

    private static GranaryException unreachable(String what, Path file, IOException e) {
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "cannot " + what + " " + file + ": " + e.getMessage()
                        + ". Is its file system up (`granary status`)? Streaming tries again by itself.",
                e);
    }
}
