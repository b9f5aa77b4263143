package io.granary.ingestion.sync.row;

/**
 * A row that was left out.
 *
 * @param where the part and the row's place or key in it
 * @param column the column that cannot be kept, or null when it is the whole row
 * @param values the row as text, for people; values of columns named {@code *password*} or {@code *secret*} are masked
 * @param reason why, with the value
 */
public record DirtyRow(String where, String column, String values, String reason) {}
