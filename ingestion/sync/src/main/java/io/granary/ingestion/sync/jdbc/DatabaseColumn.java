package io.granary.ingestion.sync.jdbc;

import java.util.Locale;

/**
 * A column of a table and the Hive type that holds every value of it.
 *
 * @param hiveType such as {@code decimal(12,2)}
 * @param sourceType as the database writes it: {@code bigint(20) unsigned}
 * @param key position in the primary key, from 1; 0 for other columns
 */
public record DatabaseColumn(
        String name, String hiveType, String comment, String sourceType, boolean nullable, int key) {
    /** Most digits a Hive decimal has. */
    public static final int MAX_DIGITS = 38;

    /** The column's name in Hive. */
    public String hiveName() {
        return name.toLowerCase(Locale.ROOT);
    }
}
