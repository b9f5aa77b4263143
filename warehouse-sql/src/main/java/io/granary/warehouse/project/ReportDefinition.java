package io.granary.warehouse.project;

import io.granary.warehouse.manifest.ReportColumn;
import java.util.List;

/** A page for business teams over an exported model; {@code from} is the model's bare name. */
public record ReportDefinition(
        Origin origin,
        String subject,
        String name,
        String title,
        String description,
        String from,
        List<ReportColumn> columns) {

    public ReportDefinition {
        columns = List.copyOf(columns);
    }

    static ReportDefinition of(String subject, String name, YamlFile yaml) {
        return new ReportDefinition(
                yaml.origin(),
                subject,
                name,
                yaml.text("title"),
                yaml.text("description"),
                yaml.text("from"),
                yaml.items(
                        "columns",
                        item -> new ReportColumn(
                                item.path("name").asText(), item.path("title").asText())));
    }
}
