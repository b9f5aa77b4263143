package io.granary.serving;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ReportColumn;
import io.granary.warehouse.manifest.ReportNode;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The statements of reports. Identifiers come from the manifest alone; every value is a parameter. */
final class ReportSql {
    /** When each export was written: {@code export} (id), {@code ds}, {@code exported_at} (UTC). May be missing. */
    static final String EXPORTS = "granary_exports";

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

    private ReportSql() {}

    /** Days the table holds, newest first; parameter: how many. */
    static String days(ReportNode report) {
        return "SELECT DISTINCT `ds` FROM " + quote(report.sourceTable()) + " ORDER BY `ds` DESC LIMIT ?";
    }

    /**
     * The report's columns; parameters: day, how many.
     *
     * @param order columns that give the rows a fixed order
     */
    static String rows(ReportNode report, List<String> order) {
        return "SELECT "
                + report.columns().stream()
                        .map(ReportColumn::name)
                        .map(ReportSql::quote)
                        .collect(Collectors.joining(", "))
                + " FROM " + quote(report.sourceTable()) + " WHERE `ds` = ?"
                + (order.isEmpty()
                        ? ""
                        : order.stream().map(ReportSql::quote).collect(Collectors.joining(", ", " ORDER BY ", "")))
                + " LIMIT ?";
    }

    /** When an export of a day was written; parameters: the export's id, day. */
    static String exportedAt() {
        return "SELECT `exported_at` FROM `" + EXPORTS + "` WHERE `export` = ? AND `ds` = ?";
    }

    private static String quote(String identifier) {
        if (!IDENTIFIER.matcher(identifier).matches()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "'" + identifier + "' is no name of a table or column (letters, digits, _). Correct the report"
                            + " or its export and run `granary compile` again.");
        }
        return "`" + identifier + "`";
    }
}
