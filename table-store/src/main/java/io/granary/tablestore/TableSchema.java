package io.granary.tablestore;

import java.util.List;

/** What a table looks like; {@code columns} are without the partition columns. */
public record TableSchema(TableName name, List<Column> columns, List<Column> partitionColumns, String comment) {
    public TableSchema {
        columns = List.copyOf(columns);
        partitionColumns = List.copyOf(partitionColumns);
    }
}
