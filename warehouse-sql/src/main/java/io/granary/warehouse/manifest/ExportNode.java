package io.granary.warehouse.manifest;

import java.util.List;

/** A table that goes to the sharing layer. */
public record ExportNode(
        String id,
        String subject,
        String name,
        String description,
        String from,
        String connection,
        String table,
        List<String> key) {

    public ExportNode {
        key = List.copyOf(key);
    }
}
