package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.RowBatches;
import io.granary.ingestion.sync.row.RowCast;
import io.granary.ingestion.sync.row.RowSink;
import io.granary.ingestion.sync.row.RowTransformer;
import io.granary.ingestion.sync.row.RowWriter;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;

/**
 * The way of one part's rows: limits, transformers, cast, writer. A batch goes on when it is full of rows or of bytes, so
 * that memory does not grow with the rows' size.
 */
final class PartCopy implements RowSink {
    private static final long BYTES = 4L << 20;

    private final JobState job;
    private final RowTransformer transformer;
    private final RowCast cast;
    private final VectorizedRowBatch batch;
    private RowWriter.Part target;
    private long bytes;
    private long paced;
    private int pacedRows;
    private long read;
    private long refused;
    private long late;
    private long dropped;

    PartCopy(JobState job, RowTransformer transformer, RowCast cast, VectorizedRowBatch batch) {
        this.job = job;
        this.transformer = transformer;
        this.cast = cast;
        this.batch = batch;
    }

    /** Where the rows go; set before the first one. */
    void to(RowWriter.Part part) {
        this.target = part;
    }

    @Override
    public VectorizedRowBatch batch() {
        return batch;
    }

    @Override
    public void added(long rowBytes) {
        batch.size++;
        bytes += rowBytes;
        pacedRows++;
        paced += rowBytes;
        read++;
        if (pacedRows >= job.rowStep() || paced >= job.byteStep()) {
            pace();
        }
        if (batch.size == batch.getMaxSize() || bytes >= BYTES) {
            flush();
        }
    }

    @Override
    public void add(VectorizedRowBatch whole, long wholeBytes) {
        flush();
        read += whole.size;
        pacedRows += whole.size;
        paced += wholeBytes;
        pace();
        pass(whole);
    }

    @Override
    public void dirty(DirtyRow row) {
        refused++;
        job.dirty(row);
    }

    /** A row that the reader gave, and that the target cannot keep. */
    void late(DirtyRow row) {
        late++;
        job.dirty(row);
    }

    /** No row follows. */
    void finish() {
        flush();
        pace();
    }

    /** Sends on what is waiting. */
    private void flush() {
        if (batch.size > 0) {
            pass(batch);
            RowBatches.clear(batch, bytes > BYTES / 4);
            bytes = 0;
        }
    }

    private void pass(VectorizedRowBatch rows) {
        job.check();
        long lateBefore = late;
        int before = rows.size;
        VectorizedRowBatch changed = transformer.apply(rows, this::late);
        dropped += before - changed.size - (late - lateBefore);
        RowBatches.compact(changed);
        VectorizedRowBatch fitting = cast.apply(changed, this::late);
        if (fitting.size > 0) {
            target.write(fitting);
        }
    }

    private void pace() {
        job.pace(pacedRows, paced);
        pacedRows = 0;
        paced = 0;
    }

    /** Rows the source has: those the reader gave and those it refused. */
    long rows() {
        return read + refused;
    }

    /** Rows left out because they cannot be kept. */
    long dirty() {
        return refused + late;
    }

    /** Rows that are to be in the target. */
    long expected() {
        return read - late - dropped;
    }
}
