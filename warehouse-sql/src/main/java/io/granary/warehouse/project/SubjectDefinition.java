package io.granary.warehouse.project;

/** {@code subject.yaml}: a business line, who owns it and in which zone its days are. */
public record SubjectDefinition(
        Origin origin,
        String name,
        String owner,
        String description,
        String cadence,
        String timeZone,
        String alertGroup) {

    static SubjectDefinition of(YamlFile yaml) {
        return new SubjectDefinition(
                yaml.origin(),
                yaml.text("name"),
                yaml.text("owner"),
                yaml.text("description"),
                yaml.text("cadence"),
                yaml.text("time_zone"),
                yaml.text("alert_group"));
    }
}
