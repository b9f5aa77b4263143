package io.granary.ingestion.sync.text;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.granary.ingestion.sync.orc.StagedFolder;
import io.granary.ingestion.sync.row.CellText;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** A text file that is being written. */
final class TextPart implements RowWriter.Part {
    private final StagedFolder folder;
    private final RowPart part;
    private final TextShape shape;
    private final TypeDescription schema;
    private final DirtySink dirty;
    private final String[] cells;
    private final Writer out;
    private final CsvWriter csv;
    private long seen;
    private long written;
    private boolean open = true;

    TextPart(StagedFolder folder, RowPart part, TextShape shape, TypeDescription schema, DirtySink dirty) {
        this.folder = folder;
        this.part = part;
        this.shape = shape;
        this.schema = schema;
        this.dirty = dirty;
        this.cells = new String[schema.getChildren().size()];
        try {
            this.out = new OutputStreamWriter(
                    shape.packed(folder.files().create(folder.writing(part.id()), true)), shape.encoding());
            this.csv = CsvWriter.builder()
                    .fieldSeparator(shape.delimiter())
                    .lineDelimiter(LineDelimiter.LF)
                    .build(out);
            if (!shape.header().isEmpty()) {
                line(shape.header().toArray(String[]::new));
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void write(VectorizedRowBatch batch) {
        try {
            for (int row = 0; row < batch.size; row++) {
                String refused = fill(batch, row);
                if (refused == null) {
                    line(cells);
                    written++;
                } else {
                    dirty.dirty(new DirtyRow(
                            part.what() + ", row " + (seen + row + 1),
                            null,
                            CellText.row(schema, batch, row),
                            refused));
                }
            }
            seen += batch.size;
        } catch (IOException | UncheckedIOException e) {
            throw failed(e);
        }
    }

    /** Why the row cannot be written, or null. */
    private String fill(VectorizedRowBatch batch, int row) {
        List<TypeDescription> types = schema.getChildren();
        for (int i = 0; i < cells.length; i++) {
            ColumnVector vector = batch.cols[i];
            int at = vector.isRepeating ? 0 : row;
            if (!vector.noNulls && vector.isNull[at]) {
                cells[i] = shape.nullFormat();
                continue;
            }
            cells[i] = shape.text(types.get(i), vector, at);
            String refused = shape.refusal(cells[i]);
            if (refused != null) {
                return "column " + schema.getFieldNames().get(i) + ": " + refused;
            }
        }
        return null;
    }

    private void line(String[] values) throws IOException {
        if (shape.csv()) {
            csv.writeRecord(values);
            return;
        }
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                out.write(shape.delimiter());
            }
            out.write(values[i]);
        }
        out.write('\n');
    }

    @Override
    public RowSums finish() {
        try {
            csv.close();
            out.close();
            folder.completed(part.id());
            open = false;
            return new RowSums(written, List.of());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        try {
            out.close();
            folder.files().delete(folder.writing(part.id()), false);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private GranaryException failed(Exception e) {
        return new GranaryException(ErrorCode.EXTERNAL, "cannot write " + folder.writing(part.id()) + ": " + e, e);
    }
}
