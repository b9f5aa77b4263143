package io.granary.ingestion.sync.text;

import io.granary.ingestion.sync.job.StreamWriter;
import io.granary.ingestion.sync.row.CellText;
import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import java.io.PrintStream;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** {@code streamwriter}: shows rows, or drops them; each is seen at once. */
public final class PrintedRows implements RowWriter {
    private final StreamWriter to;
    private final TypeDescription schema;
    private final PrintStream out;

    public PrintedRows(StreamWriter to, TypeDescription schema, PrintStream out) {
        this.to = to;
        this.schema = schema;
        this.out = out;
    }

    @Override
    public Part open(RowPart part, DirtySink dirty) {
        return new Part() {
            private long written;

            @Override
            public void write(VectorizedRowBatch batch) {
                written += batch.size;
                if (to.print()) {
                    print(batch);
                }
            }

            @Override
            public RowSums finish() {
                return new RowSums(written, List.of());
            }

            @Override
            public void close() {
                out.flush();
            }
        };
    }

    private void print(VectorizedRowBatch batch) {
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < batch.size; row++) {
            for (int i = 0; i < batch.cols.length; i++) {
                ColumnVector vector = batch.cols[i];
                int at = vector.isRepeating ? 0 : row;
                lines.append(i == 0 ? "" : to.fieldDelimiter());
                lines.append(
                        !vector.noNulls && vector.isNull[at]
                                ? "null"
                                : CellText.of(schema.getChildren().get(i), vector, at));
            }
            lines.append('\n');
        }
        out.print(lines);
    }

    @Override
    public void commit() {
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
