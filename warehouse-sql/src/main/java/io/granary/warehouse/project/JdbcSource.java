package io.granary.warehouse.project;

import io.granary.warehouse.manifest.ColumnNode;
import java.util.List;
import java.util.Optional;

/**
 * A table of a database; its columns are read from the database when it is synchronized.
 *
 * @param connection name of a connection of the profile
 * @param mode {@code full}: the whole table every day
 * @param splitKey column by which the read is split
 * @param columns as the project declares them; none when it does not, and then models that read it are not type-checked
 */
public record JdbcSource(
        Origin origin,
        String subject,
        String name,
        String description,
        String timeZone,
        String connection,
        String sourceTable,
        String mode,
        Optional<String> splitKey,
        List<ColumnNode> columns)
        implements SourceDefinition {

    @Override
    public String table() {
        return "ods.ods_" + subject + "_" + name + "_df";
    }

    static JdbcSource of(String subject, String name, String timeZone, YamlFile yaml) {
        return new JdbcSource(
                yaml.origin(),
                subject,
                name,
                yaml.text("description"),
                yaml.text("time_zone", timeZone),
                yaml.text("connection"),
                yaml.text("table"),
                yaml.text("mode"),
                Optional.ofNullable(yaml.text("split_key", null)),
                yaml.items("columns", LogSource::column));
    }
}
