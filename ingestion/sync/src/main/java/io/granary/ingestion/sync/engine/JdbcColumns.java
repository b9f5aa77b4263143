package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.ZeroDates;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowSums.ColumnSum;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.orc.TypeDescription;

/**
 * The columns of a database reader, in their order.
 *
 * @param items none of a query, which names its columns itself
 */
record JdbcColumns(List<Item> items, List<DatabaseColumn> columns) {
    /** What is the same in all rows of a table: a text, a number, NULL. */
    private static final Pattern CONSTANT =
            Pattern.compile("'[^']*'|-?[0-9.]+|NULL|CAST\\(NULL AS \\w+\\)", Pattern.CASE_INSENSITIVE);

    /** In an expression it stands for the table that is read. */
    private static final String TABLE = "@table";

    /**
     * A column of the select list.
     *
     * @param sql as it stands after SELECT
     * @param plain whether it is a column of the table, not an expression
     */
    record Item(String sql, boolean plain) {}

    JdbcColumns {
        items = List.copyOf(items);
        columns = List.copyOf(columns);
    }

    static JdbcColumns ofQuery(Database database, String query) {
        return new JdbcColumns(List.of(), database.columnsOfQuery(query));
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
        Map<String, DatabaseColumn> known = new LinkedHashMap<>();
        all.forEach(column -> known.put(column.name(), column));
        List<String> wanted = names.equals(List.of("*")) ? List.copyOf(known.keySet()) : names;
        List<Item> items = new ArrayList<>();
        for (String name : wanted) {
            boolean plain = known.containsKey(name);
            items.add(new Item(plain ? database.dialect().selected(known.get(name)) : name, plain));
        }
        if (known.keySet().containsAll(wanted)) {
            return new JdbcColumns(items, wanted.stream().map(known::get).toList());
        }
        JdbcColumns named = new JdbcColumns(items, List.of());
        List<DatabaseColumn> found =
                database.columnsOfQuery("SELECT " + named.select(table) + database.from(table, "1 = 0"));
        List<DatabaseColumn> columns = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            columns.add(items.get(i).plain() ? known.get(wanted.get(i)) : found.get(i));
        }
        return new JdbcColumns(items, columns);
    }

    /** What stands between SELECT and FROM. */
    String select(String table) {
        String text = table.replace("'", "''");
        return items.stream()
                .map(item -> item.plain() ? item.sql() : item.sql().replace(TABLE, text))
                .collect(Collectors.joining(", "));
    }

    /** Whether each is a column of the table, not an expression. */
    boolean isPlain() {
        return !items.isEmpty() && items.stream().allMatch(Item::plain);
    }

    TypeDescription schema() {
        return schema(columns);
    }

    /** The columns as they travel. */
    static TypeDescription schema(List<DatabaseColumn> columns) {
        TypeDescription schema = TypeDescription.createStruct();
        columns.forEach(column -> schema.addField(column.name(), TypeDescription.fromString(column.hiveType())));
        return schema;
    }

    /** What the database counts of a part; nothing of the columns that it does not have as the rows show them. */
    RowSums sums(Database database, String table, String condition, ZeroDates zeroDates) {
        List<DatabaseColumn> plain = plain();
        if (plain.isEmpty()) {
            return new RowSums(database.number("SELECT count(*)" + database.from(table, condition)), List.of());
        }
        RowSums counted = database.sums(table, plain, condition);
        Iterator<ColumnSum> sums = counted.columns().iterator();
        List<ColumnSum> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            DatabaseColumn column = columns.get(i);
            ColumnSum sum = items.get(i).plain() ? sums.next() : null;
            boolean changed = zeroDates == ZeroDates.NULL
                    && (column.hiveType().equals("date") || column.hiveType().equals("timestamp"));
            all.add(sum == null || changed ? new ColumnSum(column.name(), -1, null) : sum);
        }
        return new RowSums(counted.rows(), all);
    }

    /** A checksum over a part's rows; empty when an expression may show anything. */
    Optional<String> fingerprint(Database database, String table, String condition) {
        boolean known = items.stream()
                .allMatch(item -> item.plain() || CONSTANT.matcher(item.sql()).matches());
        return known && !plain().isEmpty()
                ? Optional.ofNullable(database.fingerprint(table, plain(), condition))
                : Optional.empty();
    }

    private List<DatabaseColumn> plain() {
        List<DatabaseColumn> plain = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).plain()) {
                plain.add(columns.get(i));
            }
        }
        return plain;
    }
}
