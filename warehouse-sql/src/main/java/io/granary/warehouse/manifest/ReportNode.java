package io.granary.warehouse.manifest;

import java.util.List;

/** A page for business teams over an exported table. */
public record ReportNode(
        String id,
        String subject,
        String name,
        String title,
        String description,
        String from,
        String connection,
        String sourceTable,
        List<ReportColumn> columns) {

    public ReportNode {
        columns = List.copyOf(columns);
    }

    public String qualifiedName() {
        return subject + "." + name;
    }
}
