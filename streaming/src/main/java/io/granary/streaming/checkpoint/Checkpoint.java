package io.granary.streaming.checkpoint;

import io.granary.streaming.checkpoint.CheckpointFiles.Part;
import io.granary.streaming.store.Delta;
import io.granary.streaming.store.Epoch;
import io.granary.streaming.store.Slices;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Our part of a query's checkpoint: {@code <checkpoint>/granary/{epoch,deltas/<N>.lz4,marks/<N>.json,bases/<N>.json}}. Of a
 * batch {@code marks/<N>.json} is the last, so where it is, the batch's deltas are whole.
 */
public final class Checkpoint {
    /** Batches before the newest one whose deltas are kept: Redis may miss so many and one more. */
    private static final int DELTAS_KEPT = 2;

    private final Path spark;
    private final Path root;
    private final CheckpointFiles files;
    private final KeptMarks marks;

    /** @param location the checkpoint folder of the Spark query, with its file system, such as {@code hdfs://…/…} */
    public Checkpoint(String location, Configuration configuration) {
        spark = new Path(location);
        root = new Path(spark, "granary");
        files = new CheckpointFiles(spark, configuration);
        marks = new KeptMarks(root, files);
    }

    /** The folder of the Spark query. */
    public String location() {
        return spark.toString();
    }

    /** The epoch that was born with this checkpoint, in its newest generation; made on the first call. */
    public Epoch epoch() {
        Path file = new Path(root, "epoch");
        Optional<byte[]> found = files.read(file);
        if (found.isPresent()) {
            return Epoch.parse(new String(found.get(), StandardCharsets.UTF_8));
        }
        byte[] token = new byte[8];
        new SecureRandom().nextBytes(token);
        Epoch epoch = new Epoch(HexFormat.of().formatHex(token), 1);
        files.write(file, epoch.toString().getBytes(StandardCharsets.UTF_8));
        return epoch;
    }

    /** Stores and returns the next generation, which is also behind {@code known}. */
    public Epoch nextEpoch(long known) {
        Epoch next = epoch().next(known);
        files.write(new Path(root, "epoch"), next.toString().getBytes(StandardCharsets.UTF_8));
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
        return files.batches(folder).max();
    }

    /** The marks after a batch, or empty when that batch has not been stored whole. */
    public Optional<Marks> marks(long batch) {
        return marks.of(batch);
    }

    /** The deltas of a batch whose marks are stored, cut as they were when it was. */
    public Slices slices(long batch) {
        Path file = deltasFile(batch);
        return files.read(file)
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
            throw files.broken(file, e);
        }
    }

    public void write(Marks after, List<Delta> deltas, int sliceSize) {
        write(after, deltas, sliceSize, () -> {});
    }

    /**
     * Stores a batch. Both files are written at the same time; the marks come into their place behind the deltas.
     *
     * @param sliceSize how many deltas a slice has that goes to Redis in one piece
     * @param between is done when the deltas are in their place and the marks are not
     */
    public void write(Marks after, List<Delta> deltas, int sliceSize, Runnable between) {
        FutureTask<Part> writing = new FutureTask<>(() -> {
            Part part = marks.part(after);
            // of the batch before, which is whole
            long before = after.batch() - 1;
            files.delete(deltasFile(before - DELTAS_KEPT));
            marks.forget(before);
            return part;
        });
        Thread thread = new Thread(writing, "marks");
        thread.setDaemon(true);
        thread.start();
        try {
            files.write(deltasFile(after.batch()), DeltaFile.write(deltas, sliceSize));
            between.run();
        } finally {
            // nobody may write the same file beside it, whatever has happened here
            await(writing);
        }
        files.put(written(writing));
    }

    private static void await(FutureTask<?> task) {
        boolean isInterrupted = false;
        while (!task.isDone()) {
            try {
                task.get();
            } catch (ExecutionException e) {
                break;
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Part written(FutureTask<Part> done) {
        try {
            return done.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What a person can do when the checkpoint and Redis cannot go on together. */
    public String startAnew() {
        return files.startAnew();
    }

    /** Whether the deltas of a batch are still kept. */
    public boolean hasDeltas(long batch) {
        return files.exists(deltasFile(batch));
    }

    /** A value kept as JSON under a name of ours, such as {@code counters.json}; nothing when it was not written. */
    public <T> Optional<T> value(String name, Class<T> type) {
        return files.read(new Path(root, name), type);
    }

    /** Keeps a value as JSON, in place of the one before: whole, or not at all. */
    public void keep(String name, Object value) {
        files.writeJson(new Path(root, name), value);
    }

    /** Removes a value; none is no fault. */
    public void remove(String name) {
        files.delete(new Path(root, name));
    }

    /** Names of the values in a folder of ours; those that are being written are left out. */
    public List<String> names(String folder) {
        return files.names(new Path(root, folder)).stream()
                .filter(name -> !name.startsWith("."))
                .sorted()
                .toList();
    }

    private Path deltasFile(long batch) {
        return new Path(root, "deltas/" + batch + ".lz4");
    }
}
