package io.granary.ingestion.file;

import io.granary.ingestion.sync.row.CellCast;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.warehouse.manifest.ColumnNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** Cells as values of their columns, in a column batch; every value of a row that is none is told, not only the first. */
final class TypedRows implements RowText.Rows {
    /** Takes typed rows. */
    interface Target {
        /** With room for a row at {@code size}. */
        VectorizedRowBatch batch();

        /** The row at {@code batch().size} is filled. */
        void added(long bytes);

        /** @param row the row as text, for people */
        void refused(List<CellProblem> problems, String row);

        void ignored(String what);
    }

    private final String file;
    private final List<ColumnNode> columns;
    private final List<TypeDescription> types;
    private final Target target;

    TypedRows(String file, List<ColumnNode> columns, TypeDescription schema, Target target) {
        this.file = file;
        this.columns = columns;
        this.types = schema.getChildren();
        this.target = target;
    }

    @Override
    public void row(long line, String[] cells) {
        VectorizedRowBatch batch = target.batch();
        List<CellProblem> problems = new ArrayList<>(0);
        long bytes = 0;
        for (int i = 0; i < cells.length; i++) {
            String cell = cells[i];
            String reason = cell == null ? missing(i, batch) : put(i, cell, batch);
            if (reason != null) {
                problems.add(problem(line, columns.get(i).name(), cell, reason));
            }
            bytes += cell == null ? 1 : cell.length() + 8L;
        }
        if (problems.isEmpty()) {
            target.added(bytes);
        } else {
            target.refused(problems, shown(cells));
        }
    }

    @Override
    public void refused(long line, String text, String reason) {
        target.refused(List.of(problem(line, null, text, reason)), DirtyRow.shown("", readable(text)));
    }

    @Override
    public void ignored(String what) {
        target.ignored(what);
    }

    private String missing(int column, VectorizedRowBatch batch) {
        if (columns.get(column).required()) {
            return "it is required, and missing";
        }
        batch.cols[column].isNull[batch.size] = true;
        batch.cols[column].noNulls = false;
        return null;
    }

    /** Nothing when the value is in the batch, else why it cannot be. */
    private String put(int column, String cell, VectorizedRowBatch batch) {
        if (cell.indexOf(RowText.UNREADABLE) >= 0) {
            return "it holds bytes that are no characters of the file's encoding";
        }
        TypeDescription type = types.get(column);
        ColumnVector vector = batch.cols[column];
        vector.isNull[batch.size] = false;
        try {
            switch (type.getCategory()) {
                case BINARY -> bytes(Base64.getDecoder().decode(cell), vector, batch.size);
                case STRING -> bytes(cell.getBytes(StandardCharsets.UTF_8), vector, batch.size);
                case TIMESTAMP -> CellCast.parse(type, wallClock(cell), vector, batch.size);
                default -> CellCast.parse(type, cell, vector, batch.size);
            }
            return null;
        } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
            return "it is no " + type + " (" + e.getMessage() + ")";
        }
    }

    private static void bytes(byte[] bytes, ColumnVector vector, int at) {
        ((BytesColumnVector) vector).setRef(at, bytes, 0, bytes.length);
    }

    /** A time that says its offset is turned to UTC; one that does not stays as it is written. */
    private static String wallClock(String text) {
        int zone = Math.max(text.indexOf('Z'), Math.max(text.indexOf('+'), text.lastIndexOf('-')));
        if (zone < "yyyy-MM-ddTHH:mm".length()) {
            return text;
        }
        return OffsetDateTime.parse(text.replace(' ', 'T'))
                .atZoneSameInstant(ZoneOffset.UTC)
                .toLocalDateTime()
                .format(java.time.format.DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSSSS"));
    }

    private CellProblem problem(long line, String column, String value, String reason) {
        return new CellProblem(
                file,
                line,
                column,
                value == null ? null : DirtyRow.shown(column == null ? "" : column, readable(value)),
                readable(reason));
    }

    private String shown(String[] cells) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String name = columns.get(i).name();
            row.append(i == 0 ? "" : ", ")
                    .append(name)
                    .append('=')
                    .append(cells[i] == null ? "NULL" : DirtyRow.shown(name, readable(cells[i])));
        }
        return row.toString();
    }

    private static String readable(String text) {
        return text.replace(RowText.UNREADABLE, '\ufffd');
    }
}
