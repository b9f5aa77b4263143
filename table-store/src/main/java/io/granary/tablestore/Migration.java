package io.granary.tablestore;

import java.util.List;

/**
 * What must happen to a table so that it has the columns of its definition.
 *
 * @param creates the table does not exist yet
 * @param added columns that {@link TableStore#ensure} adds at the end; rows written before have NULL there
 * @param refused differences that only {@link TableStore#recreate} can settle, one a line
 */
public record Migration(TableName table, boolean creates, List<Column> added, List<String> refused) {
    public Migration {
        added = List.copyOf(added);
        refused = List.copyOf(refused);
    }

    /** Nothing at all. */
    public boolean isEmpty() {
        return !creates && added.isEmpty() && refused.isEmpty();
    }

    /** The table must be made anew and all its days be built again. */
    public boolean needsFullRefresh() {
        return !refused.isEmpty();
    }
}
