package io.granary.ingestion.sync.export;

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
    private final Writer out;
    private final boolean keepFormulas;
    private final VectorizedRowBatch batch;
    private long count;

    /** Writes the header. */
    CsvRows(List<String> header, TypeDescription schema, Writer out, boolean keepFormulas) throws IOException {
        this.schema = schema;
        this.out = out;
        this.keepFormulas = keepFormulas;
        this.batch = RowBatches.of(schema, ROWS);
        for (int i = 0; i < header.size(); i++) {
            out.write(i == 0 ? "" : ",");
            out.write(quoted(header.get(i)));
        }
        out.write("\r\n");
    }

    long count() {
        return count;
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
        try {
            for (int row = 0; row < whole.size; row++) {
                row(whole, row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void row(VectorizedRowBatch rows, int row) throws IOException {
        for (int i = 0; i < rows.cols.length; i++) {
            if (i > 0) {
                out.write(',');
            }
            ColumnVector vector = rows.cols[i];
            int at = vector.isRepeating ? 0 : row;
            if (vector.noNulls || !vector.isNull[at]) {
                out.write(cell(schema.getChildren().get(i), vector, at));
            }
        }
        out.write("\r\n");
        count++;
    }

    private String cell(TypeDescription type, ColumnVector vector, int at) {
        String text = CellText.of(type, vector, at);
        return switch (type.getCategory()) {
            case STRING, VARCHAR, CHAR -> quoted(keepFormulas ? text : FormulaCells.safe(text));
            default -> text;
        };
    }

    /** A cell of text. */
    static String quoted(String text) {
        boolean plain = !text.isEmpty()
                && text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r')
                && text.charAt(0) != ' '
                && text.charAt(text.length() - 1) != ' ';
        return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    @Override
    public void dirty(DirtyRow row) {
        throw new GranaryException(ErrorCode.DATA, row.where() + ", column " + row.column() + ": " + row.reason());
    }
}
