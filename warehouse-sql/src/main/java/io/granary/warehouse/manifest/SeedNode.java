package io.granary.warehouse.manifest;

import java.util.List;

/**
 * A table made from a CSV file of the project.
 *
 * @param id {@code seed.<subject>.<name>}
 * @param file path of the CSV inside the project; its first line names the columns
 * @param hash of the file's content and the columns
 */
public record SeedNode(
        String id, String subject, String name, String table, String file, List<ColumnNode> columns, String hash) {

    public SeedNode {
        columns = List.copyOf(columns);
    }
}
