package io.granary.ingestion.sync.row;

import java.util.Arrays;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DateColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** Column batches as rows travel in them: dates in the calendar of ISO 8601, times in UTC. */
public final class RowBatches {
    /** Most rows of a batch; readers and writers of batches of their own keep to it too. */
    public static final int ROWS = 2048;

    private RowBatches() {}

    public static VectorizedRowBatch of(TypeDescription schema, int rows) {
        VectorizedRowBatch batch = schema.createRowBatch(rows);
        for (ColumnVector vector : batch.cols) {
            if (vector instanceof TimestampColumnVector time) {
                time.setIsUTC(true);
                time.changeCalendar(true, false);
            } else if (vector instanceof DateColumnVector date) {
                date.changeCalendar(true, false);
            } else if (vector instanceof BytesColumnVector bytes) {
                bytes.initBuffer();
            }
        }
        return batch;
    }

    /** Moves the selected rows to the front, so that all rows up to {@code size} count. */
    public static void compact(VectorizedRowBatch batch) {
        if (!batch.selectedInUse) {
            return;
        }
        for (ColumnVector vector : batch.cols) {
            if (!vector.isRepeating) {
                for (int to = 0; to < batch.size; to++) {
                    move(vector, batch.selected[to], to);
                }
            }
        }
        batch.selectedInUse = false;
    }

    /** Values are dropped too, where they could hold much memory. */
    public static void clear(VectorizedRowBatch batch, boolean large) {
        if (large) {
            for (ColumnVector vector : batch.cols) {
                if (vector instanceof BytesColumnVector bytes) {
                    Arrays.fill(bytes.vector, null);
                }
            }
        }
        batch.reset();
    }

    private static void move(ColumnVector vector, int from, int to) {
        vector.isNull[to] = vector.isNull[from];
        if (vector instanceof LongColumnVector longs) {
            longs.vector[to] = longs.vector[from];
        } else if (vector instanceof DoubleColumnVector doubles) {
            doubles.vector[to] = doubles.vector[from];
        } else if (vector instanceof DecimalColumnVector decimals) {
            decimals.vector[to].set(decimals.vector[from]);
        } else if (vector instanceof BytesColumnVector bytes) {
            bytes.vector[to] = bytes.vector[from];
            bytes.start[to] = bytes.start[from];
            bytes.length[to] = bytes.length[from];
        } else if (vector instanceof TimestampColumnVector times) {
            times.time[to] = times.time[from];
            times.nanos[to] = times.nanos[from];
        } else {
            throw new IllegalArgumentException("no rows of " + vector.getClass() + " travel here");
        }
    }
}
