package io.granary.warehouse.project;

import io.granary.warehouse.manifest.ColumnNode;
import java.util.List;

/**
 * A small table that stands in the project as a CSV file.
 *
 * @param file path of the CSV inside the project, with {@code /}
 * @param content the file's text, lines ended by a line feed
 * @param columns in the CSV's order, each with its type
 */
public record SeedDefinition(String subject, String name, String file, String content, List<ColumnNode> columns) {

    public SeedDefinition {
        columns = List.copyOf(columns);
    }

    /** {@code database.table}: seeds belong to the DIM layer. */
    public String table() {
        return table(subject, name);
    }

    static String table(String subject, String name) {
        return "dim.seed_" + subject + "_" + name;
    }
}
