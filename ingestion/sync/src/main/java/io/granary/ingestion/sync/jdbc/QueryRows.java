package io.granary.ingestion.sync.jdbc;

import io.granary.ingestion.sync.row.RowSums;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rows of a query, counted as those of a table are. Its columns may have no names, or the same name.
 *
 * @param columns named {@code c0, c1, …} in the query's order
 */
public record QueryRows(String query, List<DatabaseColumn> columns) {
    private static final String NAME = "granary_rows";

    /** @param columns of the query, whatever their names are */
    public QueryRows {
        List<DatabaseColumn> named = columns;
        columns = IntStream.range(0, named.size())
                .mapToObj(i -> {
                    DatabaseColumn c = named.get(i);
                    return new DatabaseColumn("c" + i, c.hiveType(), "", c.sourceType(), c.nullable(), 0);
                })
                .toList();
    }

    /** What the database counts: rows, and of each column the values and their exact sum. */
    public RowSums sums(Database database) {
        return Sums.of(database, with(database.dialect()), " FROM " + NAME, columns);
    }

    /** A checksum over all values; null where the database has none. */
    public String fingerprint(Database database) {
        String fingerprint = database.dialect().fingerprint(columns);
        return fingerprint == null
                ? null
                : database.value(with(database.dialect()) + "SELECT " + fingerprint + " FROM " + NAME);
    }

    private String with(Dialect dialect) {
        return "WITH " + NAME
                + columns.stream().map(c -> dialect.quoted(c.name())).collect(Collectors.joining(", ", " (", ")"))
                + " AS (" + query + ") ";
    }
}
