package io.granary.ingestion.sync.datax;

import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;

/**
 * SQL expressions that give a column's values as texts from which the very values can be made again. DataX rounds decimals to
 * doubles, cuts microseconds, shifts date-times by its time zone and refuses unsigned 64-bit integers; texts pass it unharmed.
 */
final class TextColumns {
    private TextColumns() {}

    /** @throws GranaryException when a column's values have no such text */
    static List<String> of(RdbmsReader from, Dialect dialect, List<DatabaseColumn> columns) {
        return columns.stream()
                .map(column -> expression(from, column, dialect.quoted(column.name())))
                .toList();
    }

    private static String expression(RdbmsReader from, DatabaseColumn column, String name) {
        if (column.hiveType().equals("binary")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "column " + column.name() + " is " + column.sourceType()
                            + ", which engine datax cannot carry exactly; set engine: native");
        }
        return switch (from.kind()) {
            case MYSQL -> mysql(from, column, name);
            case POSTGRESQL ->
                column.hiveType().equals("timestamp") && column.sourceType().contains("with time zone")
                        ? "CAST(" + name + " AT TIME ZONE 'UTC' AS TEXT)"
                        : "CAST(" + name + " AS TEXT)";
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "engine datax reads mysql and postgresql here; set engine: native for " + from.plugin());
        };
    }

    /** Days that no calendar has are left for the second step to refuse, unless the job makes NULL of them. */
    private static String mysql(RdbmsReader from, DatabaseColumn column, String name) {
        String text = "CAST(" + number(column, name) + " AS CHAR)";
        boolean dated = column.hiveType().equals("date") || column.hiveType().equals("timestamp");
        return dated && "null".equals(from.zeroDates())
                ? "IF(" + text + " REGEXP '^0000|-00', NULL, " + text + ")"
                : text;
    }

    /** A bit field's text is its bytes, a float's has six digits: what they are as numbers is exact. */
    private static String number(DatabaseColumn column, String name) {
        if (column.sourceType().startsWith("bit")) {
            return name + " + 0";
        }
        return column.hiveType().equals("float") ? name + " + 0e0" : name;
    }
}
