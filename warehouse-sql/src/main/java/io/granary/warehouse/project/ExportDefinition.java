package io.granary.warehouse.project;

import java.util.List;

/** A model that goes to the sharing layer; {@code from} is the model's bare name. */
public record ExportDefinition(
        Origin origin,
        String subject,
        String name,
        String description,
        String from,
        String connection,
        String table,
        List<String> key) {

    public ExportDefinition {
        key = List.copyOf(key);
    }

    static ExportDefinition of(String subject, String name, YamlFile yaml) {
        return new ExportDefinition(
                yaml.origin(),
                subject,
                name,
                yaml.text("description"),
                yaml.text("from"),
                yaml.text("connection"),
                yaml.text("table"),
                yaml.texts("key"));
    }
}
