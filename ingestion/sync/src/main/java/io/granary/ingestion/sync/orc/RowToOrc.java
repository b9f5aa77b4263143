package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.jdbc.CellReader;
import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.ingestion.sync.jdbc.ZeroDates;
import io.granary.ingestion.sync.row.DirtyRow;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** Copies rows of a result into batches of ORC vectors, cell by cell, without losing a digit. */
public final class RowToOrc {
    private final List<TypeDescription> types;
    private final List<String> names;
    private final CellReader[] cells;
    private final int identified;
    private long bytes;

    /**
     * A copy for the rows of one result.
     *
     * @param schema what the columns of the result become, in their order
     * @param identifiedBy the column whose value names a row in messages, or null
     */
    public RowToOrc(
            Dialect dialect, ResultSetMetaData result, TypeDescription schema, ZeroDates zeroDates, String identifiedBy)
            throws SQLException {
        this.types = schema.getChildren();
        this.names = schema.getFieldNames();
        this.cells = new CellReader[types.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = dialect.reader(dialect.sourceType(result, i + 1), types.get(i), zeroDates);
        }
        this.identified = names.indexOf(identifiedBy);
    }

    /**
     * Copies the row to the place behind the batch's last one; it is the caller who makes the batch longer.
     *
     * @param number of the row in its part, from 1, for messages
     * @return null, or why the row cannot be kept
     */
    public DirtyRow copy(ResultSet row, VectorizedRowBatch batch, long number) throws SQLException {
        int at = batch.size;
        long copied = 0;
        for (int i = 0; i < cells.length; i++) {
            ColumnVector vector = batch.cols[i];
            try {
                int length = cells[i].copy(row, i + 1, vector, at);
                boolean present = length != CellReader.NULL;
                vector.isNull[at] = !present;
                vector.noNulls &= present;
                copied += present ? length : 0;
            } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
                return refused(row, number, i, e.getMessage());
            }
        }
        bytes = copied;
        return null;
    }

    /** About how many bytes the row had that was copied last. */
    public long bytes() {
        return bytes;
    }

    private DirtyRow refused(ResultSet row, long number, int column, String reason) throws SQLException {
        String key = identified < 0 ? "" : " (" + names.get(identified) + " " + row.getString(identified + 1) + ")";
        String name = names.get(column);
        StringBuilder values = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            values.append(i == 0 ? "" : ", ")
                    .append(names.get(i))
                    .append('=')
                    .append(DirtyRow.shown(names.get(i), row.getString(i + 1)));
        }
        return new DirtyRow(
                "row " + number + key,
                name,
                values.toString(),
                "'" + DirtyRow.shown(name, row.getString(column + 1)) + "' cannot be kept as " + types.get(column)
                        + ": " + reason);
    }
}
