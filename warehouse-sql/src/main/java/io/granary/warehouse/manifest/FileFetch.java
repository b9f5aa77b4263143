package io.granary.warehouse.manifest;

/** Files that are fetched from a server or given by a person: where they are, what makes them complete, what is in them. */
public record FileFetch() {}
