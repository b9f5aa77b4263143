package io.granary.warehouse.manifest;

import java.util.List;

/**
 * A table that goes to the sharing layer: to a table of a database, or to attributes in Redis.
 *
 * @param connection of the database; null for Redis
 * @param table of that database; null for Redis
 * @param key columns that name a row of that table; empty for Redis
 * @param mode {@link #PARTITION} or {@link #TABLE}; null for Redis
 * @param redis the attributes, or null for a database
 */
public record ExportNode(
        String id,
        String subject,
        String name,
        String description,
        String from,
        String connection,
        String table,
        List<String> key,
        String mode,
        RedisTarget redis) {
    /** A day of the table is replaced; the other days stay. */
    public static final String PARTITION = "partition";
    /** The day becomes the whole table. */
    public static final String TABLE = "table";

    public ExportNode {
        key = key == null ? List.of() : List.copyOf(key);
        mode = mode == null && redis == null ? PARTITION : mode;
    }

    /** An export to a database that replaces a day. */
    public ExportNode(
            String id,
            String subject,
            String name,
            String description,
            String from,
            String connection,
            String table,
            List<String> key) {
        this(id, subject, name, description, from, connection, table, key, PARTITION, null);
    }

    /** Such as {@code traffic.site_overview}. */
    public String qualifiedName() {
        return subject + "." + name;
    }

    /** Whether it fills a table of a database; else it fills attributes in Redis. */
    public boolean intoTable() {
        return redis == null;
    }
}
