package io.granary.ingestion.sync.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;

/** Copies a cell of a result into a vector, without losing a digit. */
@FunctionalInterface
public interface CellReader {
    int NULL = -1;

    /**
     * Copies a cell.
     *
     * @return about how many bytes it has, or {@link #NULL}
     * @throws java.time.DateTimeException when it is no date that the vector can hold
     * @throws ArithmeticException when it is no number that the vector can hold
     */
    int copy(ResultSet row, int column, ColumnVector vector, int at) throws SQLException;
}
