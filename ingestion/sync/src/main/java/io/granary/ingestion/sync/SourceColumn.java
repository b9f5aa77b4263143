package io.granary.ingestion.sync;

import io.granary.ingestion.sync.jdbc.DatabaseColumn;

/**
 * A column of the database as a published run found it.
 *
 * @param name in Hive
 * @param type Hive type
 * @param sourceType as the database writes it
 */
record SourceColumn(String name, String type, String sourceType) {
    static SourceColumn of(DatabaseColumn column) {
        return new SourceColumn(column.hiveName(), column.hiveType(), column.sourceType());
    }
}
