package io.granary.ingestion.file;

import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.RowSink;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;

/** Typed rows on their way to a writer; one that is refused is a dirty row with all its reasons. */
record SinkTarget(RowSink sink, Consumer<String> notes) implements TypedRows.Target {
    @Override
    public VectorizedRowBatch batch() {
        return sink.batch();
    }

    @Override
    public void added(long bytes) {
        sink.added(bytes);
    }

    @Override
    public void refused(List<CellProblem> problems, String row) {
        CellProblem first = problems.get(0);
        String reasons = problems.stream()
                .map(p -> (p.value() == null ? "" : "value '" + p.value() + "': ") + p.reason())
                .collect(Collectors.joining("; "));
        sink.dirty(new DirtyRow(first.file() + ", line " + first.line(), first.column(), row, reasons));
    }

    @Override
    public void ignored(String what) {
        notes.accept(what);
    }
}
