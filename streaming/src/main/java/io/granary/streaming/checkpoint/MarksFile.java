package io.granary.streaming.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.granary.streaming.checkpoint.Marks.FileMark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Marks as they are kept. Of many files only those are written with each batch that have changed since a base, which holds
 * all of them.
 *
 * @param files all, or with a {@code base} those that differ from it
 * @param base batch of the base; null: there is none
 */
record MarksFile(
        long batch,
        Map<String, Long> offsets,
        List<FileMark> files,
        Map<String, String> dimensions,
        @JsonInclude(Include.NON_NULL) Long base) {
    static MarksFile whole(Marks marks) {
        return new MarksFile(marks.batch(), marks.offsets(), marks.files(), marks.dimensions(), null);
    }

    static MarksFile changes(Marks marks, List<FileMark> changed, long base) {
        return new MarksFile(marks.batch(), marks.offsets(), changed, marks.dimensions(), base);
    }

    /** A file that was forgotten since the base is there again; the next batch forgets it anew. */
    Marks over(Marks found) {
        Map<FileKey, FileMark> all = new HashMap<>();
        found.files().forEach(file -> all.put(file.key(), file));
        files.forEach(file -> all.put(file.key(), file));
        return new Marks(batch, offsets, new ArrayList<>(all.values()), dimensions);
    }

    Marks marks() {
        return new Marks(batch, offsets, files, dimensions);
    }
}
