package io.granary.ingestion.sync.row;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;

/** How many bytes rows of a batch take: eight a value, and the bytes of texts and binaries. The limits count them. */
public final class RowSizes {
    private static final int FIXED = 8;

    private final int fixed;
    private final List<BytesColumnVector> variable = new ArrayList<>();

    public RowSizes(VectorizedRowBatch batch) {
        this.fixed = FIXED * batch.cols.length;
        for (ColumnVector vector : batch.cols) {
            if (vector instanceof BytesColumnVector bytes) {
                variable.add(bytes);
            }
        }
    }

    public long of(int row) {
        long size = fixed;
        for (int i = 0; i < variable.size(); i++) {
            BytesColumnVector vector = variable.get(i);
            int at = vector.isRepeating ? 0 : row;
            if (vector.noNulls || !vector.isNull[at]) {
                size += vector.length[at];
            }
        }
        return size;
    }

    /** All rows from the first on. */
    public long ofFirst(int rows) {
        long size = 0;
        for (int row = 0; row < rows; row++) {
            size += of(row);
        }
        return size;
    }
}
