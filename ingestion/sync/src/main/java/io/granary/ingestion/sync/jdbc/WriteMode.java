package io.granary.ingestion.sync.jdbc;

/** What a row does that meets another of its key. */
public enum WriteMode {
    /** It is an error. */
    INSERT,
    /** It takes the other's place; columns that are not written get their default. */
    REPLACE,
    /** It changes the written columns of the other. */
    UPDATE
}
