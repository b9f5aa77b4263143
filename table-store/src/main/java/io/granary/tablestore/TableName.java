package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.Locale;
import java.util.regex.Pattern;

/** A table in its database; lower case, prints as {@code dwd.dwd_traffic_hit_di}. */
public record TableName(String database, String table) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]+");

    public TableName {
        database = database.toLowerCase(Locale.ROOT);
        table = table.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(database).matches() || !NAME.matcher(table).matches()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "'" + database + "." + table
                            + "' is no table name: letters, digits and _ are allowed in database.table");
        }
    }

    /** Reads {@code database.table}. */
    public static TableName parse(String name) {
        String[] parts = name.split("\\.", -1);
        if (parts.length != 2) {
            throw new GranaryException(ErrorCode.DEFINITION, "'" + name + "' is not of the form database.table");
        }
        return new TableName(parts[0], parts[1]);
    }

    @Override
    public String toString() {
        return database + "." + table;
    }
}
