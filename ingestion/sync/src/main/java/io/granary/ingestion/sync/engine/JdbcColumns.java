package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.orc.TypeDescription;

/**
 * The columns of a database reader.
 *
 * @param expressions as they stand after SELECT, or null for a query
 * @param columns what the result has
 * @param isPlain whether each is a column of the table, not an expression
 */
record JdbcColumns(String expressions, List<DatabaseColumn> columns, boolean isPlain) {
    JdbcColumns {
        columns = List.copyOf(columns);
    }

    static JdbcColumns ofQuery(Database database, String query) {
        return new JdbcColumns(null, database.columnsOfQuery(query), false);
    }

    /**
     * The columns a job names; a name that the table has not is an SQL expression.
     *
     * @throws GranaryException when there is no such table, or a name is neither
     */
    static JdbcColumns of(Database database, String plugin, String table, List<String> names) {
        List<DatabaseColumn> all = database.columns(table);
        if (all.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    plugin + ": connection " + database.address() + " has no table '" + table + "'; there are: "
                            + String.join(", ", database.tables()));
        }
        if (names.equals(List.of("*"))) {
            return new JdbcColumns(selected(database, all), all, true);
        }
        Map<String, DatabaseColumn> known = new LinkedHashMap<>();
        all.forEach(column -> known.put(column.name(), column));
        if (known.keySet().containsAll(names)) {
            List<DatabaseColumn> chosen = names.stream().map(known::get).toList();
            return new JdbcColumns(selected(database, chosen), chosen, true);
        }
        List<String> expressions = new ArrayList<>();
        for (String name : names) {
            expressions.add(known.containsKey(name) ? database.dialect().selected(known.get(name)) : name);
        }
        String select = String.join(", ", expressions);
        return new JdbcColumns(
                select, database.columnsOfQuery("SELECT " + select + database.from(table, "1 = 0")), false);
    }

    private static String selected(Database database, List<DatabaseColumn> columns) {
        return columns.stream().map(c -> database.dialect().selected(c)).collect(Collectors.joining(", "));
    }

    TypeDescription schema() {
        TypeDescription schema = TypeDescription.createStruct();
        columns.forEach(column -> schema.addField(column.name(), TypeDescription.fromString(column.hiveType())));
        return schema;
    }
}
