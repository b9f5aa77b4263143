package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.job.ReaderColumn;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowSums.ColumnSum;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** The columns that a job takes of one file, in the job's order, constants among them. */
final class OrcProjection {
    private final List<ReaderColumn> columns;
    private final TypeDescription file;
    private final TypeDescription schema = TypeDescription.createStruct();

    OrcProjection(List<ReaderColumn> columns, TypeDescription file) {
        this.columns = columns;
        this.file = file;
        for (int i = 0; i < columns.size(); i++) {
            ReaderColumn column = columns.get(i);
            // names may repeat in a job: one file column twice
            schema.addField("_c" + i + (isIn(column) ? "_" + name(column) : ""), type(column));
        }
    }

    TypeDescription schema() {
        return schema;
    }

    private boolean isIn(ReaderColumn column) {
        return column.index() != null && column.index() < file.getChildren().size();
    }

    private String name(ReaderColumn column) {
        return file.getFieldNames().get(column.index());
    }

    private TypeDescription type(ReaderColumn column) {
        if (isIn(column)) {
            return file.getChildren().get(column.index()).clone();
        }
        return column.value() != null ? TypeDescription.createString() : TypeDescription.fromString(column.hiveType());
    }

    /** Which of the file's columns, by id, are to be read. */
    boolean[] included() {
        boolean[] included = new boolean[file.getMaximumId() + 1];
        included[0] = true;
        for (ReaderColumn column : columns) {
            if (isIn(column)) {
                TypeDescription type = file.getChildren().get(column.index());
                for (int id = type.getId(); id <= type.getMaximumId(); id++) {
                    included[id] = true;
                }
            }
        }
        return included;
    }

    /** A view of the file's batch: the same vectors, and those of constants. */
    VectorizedRowBatch of(VectorizedRowBatch batch) {
        VectorizedRowBatch rows = new VectorizedRowBatch(columns.size(), batch.getMaxSize());
        for (int i = 0; i < columns.size(); i++) {
            ReaderColumn column = columns.get(i);
            rows.cols[i] = isIn(column) ? batch.cols[column.index()] : constant(column, i, batch.getMaxSize());
        }
        return rows;
    }

    private ColumnVector constant(ReaderColumn column, int at, int size) {
        TypeDescription type = schema.getChildren().get(at);
        ColumnVector vector =
                TypeDescription.createStruct().addField("c", type.clone()).createRowBatch(size).cols[0];
        vector.isRepeating = true;
        if (column.value() == null) {
            vector.noNulls = false;
            vector.isNull[0] = true;
        } else {
            byte[] bytes = column.value().getBytes(StandardCharsets.UTF_8);
            ((BytesColumnVector) vector).setRef(0, bytes, 0, bytes.length);
        }
        return vector;
    }

    /** Of the file's sums those of the columns taken; a constant has none. */
    RowSums sums(RowSums all) {
        List<ColumnSum> sums = new ArrayList<>();
        for (ReaderColumn column : columns) {
            sums.add(
                    isIn(column)
                            ? all.columns().get(column.index())
                            : new ColumnSum("constant", column.value() == null ? 0 : all.rows(), null));
        }
        return new RowSums(all.rows(), sums);
    }
}
