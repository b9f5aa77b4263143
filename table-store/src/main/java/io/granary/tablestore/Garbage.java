package io.granary.tablestore;

import java.util.List;

/**
 * What a collection deleted, or would have.
 *
 * @param folders version folders
 * @param stagingTables staging tables of dead runs
 * @param waiting version folders that will go later, when they have been out of sight for long enough
 */
public record Garbage(TableName table, List<Folder> folders, List<TableName> stagingTables, int waiting) {
    /** @param reason for a person, such as {@code replaced} */
    public record Folder(String location, String reason, long bytes) {}

    public Garbage {
        folders = List.copyOf(folders);
        stagingTables = List.copyOf(stagingTables);
    }

    public long bytes() {
        return folders.stream().mapToLong(Folder::bytes).sum();
    }
}
