package io.granary.serving;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ReportColumn;
import io.granary.warehouse.manifest.ReportNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The statements of reports. Identifiers come from the manifest alone; every value is a parameter.
 *
 * @param mark what stands around identifiers in the database's SQL
 */
record ReportSql(String mark) {
    /** When each export was written: {@code export} (id), {@code ds}, {@code exported_at} (UTC). May be missing. */
    static final String EXPORTS = "granary_exports";

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

    /** For the database of the connection. */
    static ReportSql of(Connection connection) throws SQLException {
        return new ReportSql(connection.getMetaData().getIdentifierQuoteString());
    }

    /** Days the table holds, newest first; parameter: how many. */
    String days(ReportNode report) {
        return "SELECT DISTINCT " + quote("ds") + " FROM " + quote(report.sourceTable()) + " ORDER BY " + quote("ds")
                + " DESC LIMIT ?";
    }

    /**
     * The report's columns; parameters: day, how many.
     *
     * @param order columns that give the rows a fixed order
     */
    String rows(ReportNode report, List<String> order) {
        return "SELECT "
                + report.columns().stream()
                        .map(ReportColumn::name)
                        .map(this::quote)
                        .collect(Collectors.joining(", "))
                + " FROM " + quote(report.sourceTable()) + " WHERE " + quote("ds") + " = ?"
                + (order.isEmpty()
                        ? ""
                        : order.stream().map(this::quote).collect(Collectors.joining(", ", " ORDER BY ", "")))
                + " LIMIT ?";
    }

    /** When an export of a day was written; parameters: the export's id, day. */
    String exportedAt() {
        return "SELECT " + quote("exported_at") + " FROM " + quote(EXPORTS) + " WHERE " + quote("export") + " = ? AND "
                + quote("ds") + " = ?";
    }

    private String quote(String identifier) {
        if (!IDENTIFIER.matcher(identifier).matches()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "'" + identifier + "' is no name of a table or column (letters, digits, _). Correct the report"
                            + " or its export and run `granary compile` again.");
        }
        return mark + identifier + mark;
    }
}
