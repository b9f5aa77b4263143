package io.granary.ingestion.sync.transform;

import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowTransformer;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;

/** Drops the rows whose value meets a condition. */
final class FilterStep implements RowTransformer {
    private final ValueTest test;
    private final int column;
    private final VectorizedRowBatch out;

    FilterStep(ValueTest test, int column, int columns, int rows) {
        this.test = test;
        this.column = column;
        this.out = new VectorizedRowBatch(columns, rows);
    }

    @Override
    public VectorizedRowBatch apply(VectorizedRowBatch in, DirtySink dirty) {
        System.arraycopy(in.cols, 0, out.cols, 0, in.cols.length);
        if (out.selected.length < in.size) {
            out.selected = new int[in.getMaxSize()];
        }
        ColumnVector vector = in.cols[column];
        int kept = 0;
        for (int i = 0; i < in.size; i++) {
            int row = in.selectedInUse ? in.selected[i] : i;
            int at = vector.isRepeating ? 0 : row;
            boolean drop = !vector.noNulls && vector.isNull[at] ? test.meetsNull() : test.meets(vector, at);
            if (!drop) {
                out.selected[kept++] = row;
            }
        }
        out.selectedInUse = in.selectedInUse || kept < in.size;
        out.size = kept;
        return out;
    }
}
