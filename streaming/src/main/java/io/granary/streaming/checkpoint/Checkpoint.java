package io.granary.streaming.checkpoint;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.streaming.store.Delta;
import io.granary.streaming.store.Epoch;
import io.granary.streaming.store.Slices;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Our part of a query's checkpoint: {@code <checkpoint>/granary/{epoch,deltas/<N>.lz4,marks/<N>.json}}. A file is
 * written beside its place and renamed; {@code marks/<N>.json} is the last of a batch, so where it is, the batch's deltas
 * are whole.
 */
public final class Checkpoint {
    private static final int MARKS_KEPT = 100;
    private static final int DELTAS_KEPT = 2;
    /** A batch's file, {@code 12.json} of ours or {@code 12} of Spark. */
    private static final Pattern BATCH = Pattern.compile("(\\d+)(\\.json)?");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path spark;
    private final Path root;
    private final FileSystem files;
    private final Replacement replacement;

    /** @param location the checkpoint folder of the Spark query, with its file system, such as {@code hdfs://…/…} */
    public Checkpoint(String location, Configuration configuration) {
        spark = new Path(location);
        root = new Path(spark, "granary");
        try {
            FileSystem found = root.getFileSystem(configuration);
            // checksums in files of their own could not be replaced together with what they are of
            files = found instanceof LocalFileSystem local ? local.getRaw() : found;
            replacement = Replacement.on(files, configuration);
        } catch (IOException e) {
            throw unreachable("open", root, e);
        }
    }

    /** The folder of the Spark query. */
    public String location() {
        return spark.toString();
    }

    /** The epoch that was born with this checkpoint, in its newest generation; made on the first call. */
    public Epoch epoch() {
        Path file = new Path(root, "epoch");
        Optional<byte[]> found = read(file);
        if (found.isPresent()) {
            return Epoch.parse(new String(found.get(), StandardCharsets.UTF_8));
        }
        byte[] token = new byte[8];
        new SecureRandom().nextBytes(token);
        Epoch epoch = new Epoch(HexFormat.of().formatHex(token), 1);
        write(file, epoch.toString().getBytes(StandardCharsets.UTF_8));
        return epoch;
    }

    /** Stores and returns the next generation, which is also behind {@code known}. */
    public Epoch nextEpoch(long known) {
        Epoch next = epoch().next(known);
        write(new Path(root, "epoch"), next.toString().getBytes(StandardCharsets.UTF_8));
        return next;
    }

    /** True when no batch has been stored yet. */
    public boolean isFresh() {
        return newest() < 0;
    }

    /** The newest batch whose deltas and marks are stored; -1 when there is none. */
    public long newest() {
        return newest(new Path(root, "marks")).orElse(-1);
    }

    /**
     * Checks that Spark's part and ours tell of the same batches: ours is at Spark's newest committed batch or one ahead.
     *
     * @throws GranaryException when one of them was removed or replaced
     */
    public void verify() {
        long committed = newest(new Path(spark, "commits")).orElse(-1);
        long stored = newest();
        if (stored != committed && stored != committed + 1) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "checkpoint " + spark + " is not whole: Spark committed batch " + committed
                            + ", but the newest marks are of batch " + stored + ". " + startAnew());
        }
    }

    private OptionalLong newest(Path folder) {
        try {
            if (!files.exists(folder)) {
                return OptionalLong.empty();
            }
            return Arrays.stream(files.listStatus(folder))
                    .map(f -> BATCH.matcher(f.getPath().getName()))
                    .filter(Matcher::matches)
                    .mapToLong(m -> Long.parseLong(m.group(1)))
                    .max();
        } catch (IOException e) {
            throw unreachable("list", folder, e);
        }
    }

    /** The marks after a batch, or empty when that batch has not been stored whole. */
    public Optional<Marks> marks(long batch) {
        return read(marksFile(batch)).map(json -> parse(json, new TypeReference<Marks>() {}, marksFile(batch)));
    }

    /** The deltas of a batch whose marks are stored, cut as they were when it was. */
    public Slices slices(long batch) {
        Path file = deltasFile(batch);
        return read(file)
                .map(content -> slices(content, file))
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DATA,
                        "file " + file + " is missing although batch " + batch + " was stored; " + startAnew()));
    }

    private Slices slices(byte[] content, Path file) {
        try {
            DeltaFile.Content found = DeltaFile.read(content);
            return Slices.of(found.deltas(), found.sliceSize());
        } catch (IOException e) {
            throw broken(file, e);
        }
    }

    /** @param sliceSize how many deltas a slice has that goes to Redis in one piece */
    public void writeDeltas(long batch, List<Delta> deltas, int sliceSize) {
        write(deltasFile(batch), DeltaFile.write(deltas, sliceSize));
        delete(deltasFile(batch - DELTAS_KEPT));
    }

    public void writeMarks(Marks marks) {
        write(marksFile(marks.batch()), json(marks));
        delete(marksFile(marks.batch() - MARKS_KEPT));
    }

    /** What a person can do when the checkpoint and Redis cannot go on together. */
    public String startAnew() {
        return "To count again from the start of the topic, stop streaming, remove the query's keys from Redis and the"
                + " folder " + spark + ", and start streaming.";
    }

    /** Whether the deltas of a batch are still kept. */
    public boolean hasDeltas(long batch) {
        try {
            return files.exists(deltasFile(batch));
        } catch (IOException e) {
            throw unreachable("look for", deltasFile(batch), e);
        }
    }

    /** A value kept as JSON under a name of ours, such as {@code counters.json}; nothing when it was not written. */
    public <T> Optional<T> value(String name, Class<T> type) {
        Path file = new Path(root, name);
        return read(file).map(json -> {
            try {
                return JSON.readValue(json, type);
            } catch (IOException e) {
                throw broken(file, e);
            }
        });
    }

    /** Keeps a value as JSON, in place of the one before: whole, or not at all. */
    public void keep(String name, Object value) {
        write(new Path(root, name), json(value));
    }

    /** Removes a value; none is no fault. */
    public void remove(String name) {
        delete(new Path(root, name));
    }

    /** Names of the values in a folder of ours; those that are being written are left out. */
    public List<String> names(String folder) {
        Path path = new Path(root, folder);
        try {
            if (!files.exists(path)) {
                return List.of();
            }
            return Arrays.stream(files.listStatus(path))
                    .map(f -> f.getPath().getName())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreachable("list", path, e);
        }
    }

    private Path marksFile(long batch) {
        return new Path(root, "marks/" + batch + ".json");
    }

    private Path deltasFile(long batch) {
        return new Path(root, "deltas/" + batch + ".lz4");
    }

    private Optional<byte[]> read(Path file) {
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

    private void write(Path file, byte[] content) {
        Path part = new Path(file.getParent(), "." + file.getName() + ".part");
        try {
            try (OutputStream out = files.create(part, true)) {
                out.write(content);
            }
            replacement.put(files.makeQualified(part), files.makeQualified(file));
        } catch (IOException e) {
            throw unreachable("write", file, e);
        }
    }

    private void delete(Path file) {
        try {
            files.delete(file, false);
        } catch (IOException e) {
            throw unreachable("delete", file, e);
        }
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "cannot be written as JSON: " + e.getMessage(), e);
        }
    }

    private <T> T parse(byte[] json, TypeReference<T> type, Path file) {
        try {
            return JSON.readValue(json, type);
        } catch (IOException e) {
            throw broken(file, e);
        }
    }

    private GranaryException broken(Path file, IOException e) {
        return new GranaryException(
                ErrorCode.DATA, "file " + file + " is broken: " + e.getMessage() + "; " + startAnew(), e);
    }

    private static GranaryException unreachable(String what, Path file, IOException e) {
        return new GranaryException(ErrorCode.EXTERNAL, "cannot " + what + " " + file + ": " + e.getMessage(), e);
    }
}
