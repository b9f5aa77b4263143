package io.granary.warehouse.manifest;

import java.util.List;

/**
 * A table whose changed rows are read again and again, and land as a log does.
 *
 * @param connection name of a connection of the profile
 * @param table perhaps with its schema in front
 * @param watermark column that grows with every change of a row: a date-time, or a whole number
 * @param key columns that name a row
 * @param every between two looks, such as {@code 5s}
 * @param overlap how far behind the newest watermark rows are looked at again: {@code 30s}, or a number when the watermark
 *     is one
 * @param deleted column that says of a row in a change table that it was deleted, or null
 * @param timeZone zone of date-times that have none
 * @param site site of the rows
 * @param hosts host group whose one machine polls; null: the agent of a state folder
 */
public record Poll(
        String connection,
        String table,
        String watermark,
        List<String> key,
        String every,
        String overlap,
        String deleted,
        String timeZone,
        String site,
        String hosts) {

    /** Number of a row version in the order in which the agent found them, from 1. */
    public static final String SEQUENCE = "_sequence";
    /** When the row changed: the watermark, or when it was found where that is a number. */
    public static final String CHANGE_AT = "_change_at";
    /** Whether the row was deleted, where {@code deleted} is given. */
    public static final String IS_DELETED = "_deleted";

    public Poll {
        key = List.copyOf(key);
    }
}
