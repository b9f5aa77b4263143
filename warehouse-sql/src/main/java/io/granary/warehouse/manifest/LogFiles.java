package io.granary.warehouse.manifest;

/** Files of one site: {@code glob} may hold references of the profile. */
public record LogFiles(String site, String glob) {}
