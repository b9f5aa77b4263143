package io.granary.streaming.checkpoint;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which version of the dimensions lines were joined to: the marks of the last batch before each change, {@code
 * dimensions/<batch>.json} of the checkpoint.
 */
public final class JoinedLines {
    private static final String FOLDER = "dimensions";
    /** Dimensions are built once a day; what is older counts as joined to the oldest that is kept. */
    private static final int KEPT = 100;

    private JoinedLines() {}

    /** Keeps {@code before} when the batch after it joined other versions; before the marks of that batch are stored. */
    public static void keep(Checkpoint checkpoint, Marks before, Marks after) {
        if (before.batch() < 0 || before.dimensions().equals(after.dimensions())) {
            return;
        }
        checkpoint.keep(file(before.batch()), before);
        List<Long> batches = batches(checkpoint);
        batches.subList(0, Math.max(0, batches.size() - KEPT)).forEach(batch -> checkpoint.remove(file(batch)));
    }

    /** The marks at each change, in order. */
    public static List<Marks> of(Checkpoint checkpoint) {
        return batches(checkpoint).stream()
                .map(batch -> checkpoint.value(file(batch), Marks.class))
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<Long> batches(Checkpoint checkpoint) {
        return checkpoint.names(FOLDER).stream()
                .map(name -> Long.parseLong(name.substring(0, name.indexOf('.'))))
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private static String file(long batch) {
        return FOLDER + "/" + batch + ".json";
    }
}
