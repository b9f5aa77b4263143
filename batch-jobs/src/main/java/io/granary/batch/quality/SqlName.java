package io.granary.batch.quality;

import io.granary.warehouse.text.SqlLiteral;
import java.util.Collection;
import java.util.stream.Collectors;

/** Names and values as Spark SQL writes them. */
final class SqlName {
    private SqlName() {}

    static String quote(String column) {
        return "`" + column.replace("`", "``") + "`";
    }

    static String list(Collection<String> columns) {
        return columns.stream().map(SqlName::quote).collect(Collectors.joining(", "));
    }

    /** A value out of YAML. */
    static String value(Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof Number number) {
            return new java.math.BigDecimal(number.toString()).toPlainString();
        }
        return value instanceof Boolean ? value.toString() : SqlLiteral.of(value.toString());
    }
}
