package io.granary.warehouse.manifest;

import java.util.List;

/** A real-time number over a streamable model. {@code windows}: {@code 1m, 5m, 1h, 1d, total}. */
public record CounterNode(
        String id,
        String subject,
        String name,
        String description,
        String from,
        String time,
        String where,
        List<String> by,
        List<String> windows,
        List<MeasureNode> measures,
        int ttlDays) {

    public CounterNode {
        by = List.copyOf(by);
        windows = List.copyOf(windows);
        measures = List.copyOf(measures);
    }

    /** {@code <subject>.<name>}, as in Redis keys and API paths. */
    public String qualifiedName() {
        return subject + "." + name;
    }
}
