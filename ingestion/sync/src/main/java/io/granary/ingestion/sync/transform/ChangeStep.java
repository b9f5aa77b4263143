package io.granary.ingestion.sync.transform;

import io.granary.ingestion.sync.row.CellText;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowTransformer;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** Puts another text in place of a column's values; the other columns are handed on as they are. */
final class ChangeStep implements RowTransformer {
    private final TextChange change;
    private final int column;
    private final TypeDescription before;
    private final String part;
    private final VectorizedRowBatch out;
    private long seen;

    ChangeStep(TextChange change, int column, TypeDescription before, TypeDescription after, String part, int rows) {
        this.change = change;
        this.column = column;
        this.before = before;
        this.part = part;
        this.out = new VectorizedRowBatch(after.getChildren().size(), rows);
        out.cols[column] = new BytesColumnVector(rows);
    }

    @Override
    public VectorizedRowBatch apply(VectorizedRowBatch in, DirtySink dirty) {
        BytesColumnVector target = (BytesColumnVector) out.cols[column];
        target.ensureSize(in.getMaxSize(), false);
        target.reset();
        target.initBuffer();
        for (int i = 0; i < in.cols.length; i++) {
            if (i != column) {
                out.cols[i] = in.cols[i];
            }
        }
        if (out.selected.length < in.size) {
            out.selected = new int[in.getMaxSize()];
        }
        int kept = 0;
        for (int i = 0; i < in.size; i++) {
            int row = in.selectedInUse ? in.selected[i] : i;
            if (changed(in, row, target, seen + i + 1, dirty)) {
                out.selected[kept++] = row;
            }
        }
        seen += in.size;
        out.selectedInUse = in.selectedInUse || kept < in.size;
        out.size = kept;
        return out;
    }

    private boolean changed(VectorizedRowBatch in, int row, BytesColumnVector target, long number, DirtySink dirty) {
        ColumnVector source = in.cols[column];
        int at = source.isRepeating ? 0 : row;
        String value = !source.noNulls && source.isNull[at]
                ? null
                : DataxText.of(before.getChildren().get(column), source, at);
        try {
            String text = change.change(value);
            target.isNull[row] = text == null;
            if (text == null) {
                target.noNulls = false;
            } else {
                target.setVal(row, bytes(text));
            }
            return true;
        } catch (TextChange.Refused e) {
            dirty.dirty(new DirtyRow(
                    part + ", row " + number,
                    before.getFieldNames().get(column),
                    CellText.row(before, in, row),
                    e.getMessage()));
            return false;
        }
    }

    /** DataX would write a question mark for half of a character. */
    private static byte[] bytes(String text) {
        if (text.chars().anyMatch(c -> Character.isSurrogate((char) c))
                && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new TextChange.Refused("a character outside of the basic plane is cut in two");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
