package io.granary.warehouse.manifest;

/** A column of a report and the title people see. */
public record ReportColumn(String name, String title) {}
