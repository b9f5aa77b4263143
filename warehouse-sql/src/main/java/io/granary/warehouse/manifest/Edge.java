package io.granary.warehouse.manifest;

/** {@code to} reads {@code from}; both are ids. */
public record Edge(String from, String to) {}
