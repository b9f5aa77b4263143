package io.granary.streaming.checkpoint;

import io.granary.streaming.checkpoint.Marks.FileMark;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * The marks of a checkpoint, {@code marks/<N>.json}. Of many files a batch writes only those that have changed since a base,
 * {@code bases/<N>.json}, which has all; a base is written before the marks that name it.
 */
final class KeptMarks {
    /** Batches before the newest one whose marks are kept. */
    private static final int KEPT = 100;
    /** Up to so many files the marks are written whole. */
    private static final int FEW = 1000;
    /** A base serves so many batches at most, and until more than one file in so many has changed. */
    private static final int BATCHES = 50;

    private static final int SHARE = 4;

    private final Path root;
    private final CheckpointFiles files;
    private Base base;

    KeptMarks(Path root, CheckpointFiles files) {
        this.root = root;
        this.files = files;
    }

    /** @param files as they were; a mark that has not changed is handed on from batch to batch as it is */
    private record Base(Marks marks, Set<FileMark> files) {
        static Base of(Marks marks) {
            Set<FileMark> files = Collections.newSetFromMap(new IdentityHashMap<>());
            files.addAll(marks.files());
            return new Base(marks, files);
        }

        boolean serves(Marks now, List<FileMark> changed) {
            long age = now.batch() - marks.batch();
            return age > 0
                    && age < BATCHES
                    && changed.size() * SHARE <= now.files().size();
        }
    }

    Optional<Marks> of(long batch) {
        return files.read(file(batch), MarksFile.class)
                .map(found -> found.base() == null
                        ? found.marks()
                        : found.over(base(found.base()).marks()));
    }

    private Base base(long batch) {
        if (base == null || base.marks().batch() != batch) {
            Path file = baseFile(batch);
            Marks found = files.read(file, MarksFile.class)
                    .map(MarksFile::marks)
                    .orElseThrow(() ->
                            new GranaryException(ErrorCode.DATA, "file " + file + " is missing; " + files.startAnew()));
            base = Base.of(found);
        }
        return base;
    }

    CheckpointFiles.Part part(Marks marks) {
        return files.part(file(marks.batch()), CheckpointFiles.json(content(marks)));
    }

    /** Of the batches up to this one no more are kept than anybody may ask for. */
    void forget(long batch) {
        files.delete(file(batch - KEPT));
    }

    private MarksFile content(Marks marks) {
        if (marks.files().size() <= FEW) {
            return MarksFile.whole(marks);
        }
        if (base != null) {
            List<FileMark> changed = marks.files().stream()
                    .filter(file -> !base.files().contains(file))
                    .toList();
            if (base.serves(marks, changed)) {
                return MarksFile.changes(marks, changed, base.marks().batch());
            }
        }
        files.writeJson(baseFile(marks.batch()), MarksFile.whole(marks));
        base = Base.of(marks);
        long oldest = marks.batch() - KEPT - BATCHES;
        files.batches(new Path(root, "bases"))
                .filter(batch -> batch < oldest)
                .forEach(batch -> files.delete(baseFile(batch)));
        return MarksFile.changes(marks, List.of(), marks.batch());
    }

    Path file(long batch) {
        return new Path(root, "marks/" + batch + ".json");
    }

    private Path baseFile(long batch) {
        return new Path(root, "bases/" + batch + ".json");
    }
}
