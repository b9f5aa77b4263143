package io.granary.ingestion.sync.jdbc;

/** What becomes of a date that no calendar has ({@code 0000-00-00}, {@code 2026-00-00}), which MariaDB and MySQL can hold. */
public enum ZeroDates {
    /** The row cannot be kept. */
    FAIL,
    /** The value is NULL. */
    NULL
}
