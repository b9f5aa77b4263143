package io.granary.warehouse.manifest;

/** How a table or its shards are read: what of them, by which column, in how many channels, on which engine. */
public record TableRead() {}
