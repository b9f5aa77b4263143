package io.granary.ingestion.sync.jdbc;

import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowSums.ColumnSum;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Count and sums of a table's columns in one query. */
final class Sums {
    private Sums() {}

    /**
     * Adds up.
     *
     * @param with what stands in front of {@code SELECT}
     * @param from {@code FROM} and what follows, with a blank in front
     */
    static RowSums of(Database database, String with, String from, List<DatabaseColumn> columns) {
        StringBuilder select = new StringBuilder(with).append("SELECT count(*)");
        for (DatabaseColumn column : columns) {
            String name = database.dialect().quoted(column.name());
            if (column.nullable()) {
                select.append(", count(").append(name).append(')');
            }
            String summed = summed(database.dialect(), column);
            if (summed != null) {
                select.append(", sum(").append(summed).append(')');
            }
        }
        String sql = select + from;
        return database.rows(sql, row -> {
                    int at = 1;
                    long rows = row.getLong(at++);
                    List<ColumnSum> sums = new ArrayList<>();
                    for (DatabaseColumn column : columns) {
                        long present = column.nullable() ? row.getLong(at++) : rows;
                        BigDecimal sum = summed(database.dialect(), column) == null ? null : row.getBigDecimal(at++);
                        sums.add(new ColumnSum(column.name(), present, sum));
                    }
                    return new RowSums(rows, sums);
                })
                .get(0);
    }

    /** What is added up of a column, or null: doubles have no exact sum, and dates none that means something. */
    private static String summed(Dialect dialect, DatabaseColumn column) {
        String type = column.hiveType();
        return switch (type) {
            case "tinyint", "smallint", "int", "bigint" -> dialect.summed(column);
            case "string", "binary" -> dialect.length(column);
            default -> type.startsWith("decimal") ? dialect.summed(column) : null;
        };
    }
}
