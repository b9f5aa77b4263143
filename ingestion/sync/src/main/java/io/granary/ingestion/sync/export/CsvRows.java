package io.granary.ingestion.sync.export;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import io.granary.ingestion.sync.row.CellText;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.FormulaCells;
import io.granary.ingestion.sync.row.RowBatches;
import io.granary.ingestion.sync.row.RowSink;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/**
 * Rows as CSV (RFC 4180): cells in quotes where they need them, NULL as an empty cell, the empty text as {@code ""}. Of
 * texts, those that a spreadsheet could take for a formula get an apostrophe ({@link FormulaCells}).
 */
final class CsvRows implements RowSink {
    private static final int ROWS = 1024;

    private final TypeDescription schema;
    private final CsvWriter out;
    private final boolean keepFormulas;
    private final VectorizedRowBatch batch;
    private final String[] cells;
    private long count;

    /** Writes the header. */
    CsvRows(List<String> header, TypeDescription schema, Writer out, boolean keepFormulas) {
        this.schema = schema;
        this.out = CsvWriter.builder().quoteStrategy(QuoteStrategies.EMPTY).build(out);
        this.keepFormulas = keepFormulas;
        this.batch = RowBatches.of(schema, ROWS);
        this.cells = new String[schema.getChildren().size()];
        this.out.writeRecord(header);
    }

    long count() {
        return count;
    }

    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public VectorizedRowBatch batch() {
        return batch;
    }

    @Override
    public void added(long bytes) {
        batch.size++;
        add(batch, bytes);
        batch.reset();
    }

    @Override
    public void add(VectorizedRowBatch whole, long bytes) {
        for (int row = 0; row < whole.size; row++) {
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cell(schema.getChildren().get(i), whole.cols[i], row);
            }
            out.writeRecord(cells);
            count++;
        }
    }

    private String cell(TypeDescription type, ColumnVector vector, int row) {
        int at = vector.isRepeating ? 0 : row;
        if (!vector.noNulls && vector.isNull[at]) {
            return null;
        }
        String text = CellText.of(type, vector, at);
        return switch (type.getCategory()) {
            case STRING, VARCHAR, CHAR -> keepFormulas ? text : FormulaCells.safe(text);
            default -> text;
        };
    }

    @Override
    public void dirty(DirtyRow row) {
        throw new GranaryException(ErrorCode.DATA, row.where() + ", column " + row.column() + ": " + row.reason());
    }
}
