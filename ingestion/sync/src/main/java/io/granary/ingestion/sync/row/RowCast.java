package io.granary.ingestion.sync.row;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.DateTimeException;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;
import org.apache.orc.TypeDescription.Category;

/**
 * Rows of one schema as rows of another, column by column in their order. Columns of the same type are handed on as they
 * are. A row with a value that does not fit is left out and reported. Used by one thread.
 */
public final class RowCast {
    private final TypeDescription from;
    private final TypeDescription to;
    private final String part;
    private final CellCast[] casts;
    private final VectorizedRowBatch out;
    private long before;

    private RowCast(TypeDescription from, TypeDescription to, CellCast[] casts, VectorizedRowBatch out, String part) {
        this.from = from;
        this.to = to;
        this.casts = casts;
        this.out = out;
        this.part = part;
    }

    /**
     * The cast between two schemas.
     *
     * @param rows most rows of a batch
     * @param part what the rows are, for messages
     * @throws GranaryException when they have not equally many columns, or a type cannot become the other
     */
    public static RowCast between(TypeDescription from, TypeDescription to, int rows, String part) {
        List<TypeDescription> source = from.getChildren();
        List<TypeDescription> target = to.getChildren();
        if (source.size() != target.size()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "the reader has " + source.size() + " columns " + from.getFieldNames() + ", the writer "
                            + target.size() + " " + to.getFieldNames());
        }
        CellCast[] casts = new CellCast[source.size()];
        boolean needed = false;
        for (int i = 0; i < casts.length; i++) {
            if (!holds(source.get(i), target.get(i))) {
                casts[i] = CellCast.between(source.get(i), target.get(i));
                needed = true;
            }
        }
        return new RowCast(from, to, casts, needed ? RowBatches.of(to, rows) : null, part);
    }

    /** Whether every value of the one type is a value of the other, in the same vector. */
    private static boolean holds(TypeDescription from, TypeDescription to) {
        Category one = from.getCategory();
        Category other = to.getCategory();
        if (CellCast.INTEGERS.contains(one) && CellCast.INTEGERS.contains(other)) {
            return other != Category.BOOLEAN && one != Category.BOOLEAN
                    ? CellCast.bits(one) <= CellCast.bits(other)
                    : one == other;
        }
        if (CellCast.TEXTS.contains(one) && CellCast.TEXTS.contains(other)) {
            return other == Category.STRING || one == other && from.getMaxLength() <= to.getMaxLength();
        }
        if (one == Category.DECIMAL && other == Category.DECIMAL) {
            return from.getScale() == to.getScale() && from.getPrecision() <= to.getPrecision();
        }
        return one == other || one == Category.FLOAT && other == Category.DOUBLE;
    }

    /** Whether a column adds up to the same before and after. */
    public boolean keepsSum(int column) {
        return casts[column] == null
                || exact(from.getChildren().get(column))
                        && exact(to.getChildren().get(column));
    }

    private static boolean exact(TypeDescription type) {
        return type.getCategory() == Category.DECIMAL || CellCast.INTEGERS.contains(type.getCategory());
    }

    /** The rows of the batch as the target takes them: the batch itself, or one that is used again at the next call. */
    public VectorizedRowBatch apply(VectorizedRowBatch in, DirtySink dirty) {
        if (out == null) {
            before += in.size;
            return in;
        }
        out.selectedInUse = false;
        boolean[] bad = null;
        for (int column = 0; column < casts.length; column++) {
            if (casts[column] == null) {
                out.cols[column] = in.cols[column];
            } else {
                out.cols[column].reset();
                bad = cast(column, in, bad, dirty);
            }
        }
        before += in.size;
        out.size = in.size;
        if (bad != null) {
            leaveOut(bad);
        }
        return out;
    }

    private boolean[] cast(int column, VectorizedRowBatch in, boolean[] badSoFar, DirtySink dirty) {
        boolean[] bad = badSoFar;
        ColumnVector source = in.cols[column];
        ColumnVector target = out.cols[column];
        for (int row = 0; row < in.size; row++) {
            int at = source.isRepeating ? 0 : row;
            if (!source.noNulls && source.isNull[at]) {
                target.isNull[row] = true;
                target.noNulls = false;
                continue;
            }
            try {
                target.isNull[row] = false;
                casts[column].cast(source, at, target, row);
            } catch (ArithmeticException | DateTimeException e) {
                bad = bad == null ? new boolean[in.size] : bad;
                if (!bad[row]) {
                    bad[row] = true;
                    dirty.dirty(new DirtyRow(
                            part + ", row " + (before + row + 1),
                            from.getFieldNames().get(column),
                            CellText.row(from, in, row),
                            e.getMessage()));
                }
            }
        }
        return bad;
    }

    private void leaveOut(boolean[] bad) {
        int kept = 0;
        for (int row = 0; row < out.size; row++) {
            if (!bad[row]) {
                out.selected[kept++] = row;
            }
        }
        out.size = kept;
        out.selectedInUse = true;
        RowBatches.compact(out);
    }
}
