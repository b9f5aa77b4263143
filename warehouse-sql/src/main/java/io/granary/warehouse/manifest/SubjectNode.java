package io.granary.warehouse.manifest;

/** A subject's page: who owns it and in which time zone its days are. */
public record SubjectNode(
        String name, String owner, String description, String cadence, String timeZone, String alertGroup) {}
