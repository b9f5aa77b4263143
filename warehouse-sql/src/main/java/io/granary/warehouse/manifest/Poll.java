package io.granary.warehouse.manifest;

/** A table whose changed rows are read again and again, and land as a log does. */
public record Poll() {}
