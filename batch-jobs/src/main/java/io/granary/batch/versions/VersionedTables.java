package io.granary.batch.versions;

import io.granary.tablestore.TableName;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.List;

/** Finds the tables a person means. */
final class VersionedTables {
    private VersionedTables() {}

    /** All of them when no name is given. */
    static List<TableName> chosen(List<TableName> tables, List<String> names) {
        if (names.isEmpty()) {
            return tables;
        }
        List<TableName> chosen = new ArrayList<>();
        for (String name : names) {
            List<TableName> found = tables.stream()
                    .filter(t -> t.toString().equals(name) || t.table().equals(name))
                    .toList();
            if (found.isEmpty()) {
                throw new GranaryException(
                        ErrorCode.NOT_FOUND,
                        "there is no published table " + name + ". Is it a view, or not built yet?");
            }
            if (found.size() > 1) {
                throw new GranaryException(
                        ErrorCode.USAGE,
                        name + " is the name of several tables: " + found + ". Give the database too.");
            }
            chosen.add(found.get(0));
        }
        return List.copyOf(chosen);
    }
}
