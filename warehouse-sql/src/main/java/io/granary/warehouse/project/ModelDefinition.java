package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.manifest.Manifest.ColumnNode;
import java.util.List;

/**
 * A model: its SQL and what its YAML says about the table.
 *
 * @param sqlFile path of the SQL inside the project, with {@code /}
 * @param sql the file's text, lines ended by a line feed
 * @param columns without the partition columns
 */
public record ModelDefinition(
        Origin origin,
        String subject,
        Layer layer,
        String name,
        String sqlFile,
        String sql,
        String description,
        String owner,
        String grain,
        List<String> unique,
        List<String> partition,
        String materialization,
        boolean streamable,
        String access,
        List<ColumnNode> columns) {

    public ModelDefinition {
        unique = List.copyOf(unique);
        partition = List.copyOf(partition);
        columns = List.copyOf(columns);
    }

    /** {@code database.table}. */
    public String table() {
        return layer.database() + "." + name;
    }

    /** Whether the table has this column, the partition's among them. */
    public boolean hasColumn(String column) {
        return partition.contains(column)
                || columns.stream().anyMatch(c -> c.name().equals(column));
    }

    /** Names of the table's columns, those of the partition last. */
    public List<String> columnNames() {
        return java.util.stream.Stream.concat(columns.stream().map(ColumnNode::name), partition.stream())
                .toList();
    }

    static ModelDefinition of(String subject, Layer layer, String name, String sqlFile, String sql, YamlFile yaml) {
        return new ModelDefinition(
                yaml.origin(),
                subject,
                layer,
                name,
                sqlFile,
                sql,
                yaml.text("description"),
                yaml.text("owner"),
                yaml.text("grain"),
                yaml.texts("unique"),
                yaml.texts("partition"),
                yaml.text("materialization"),
                yaml.flag("streamable"),
                yaml.text("access", "private"),
                yaml.items("columns", ModelDefinition::column));
    }

    private static ColumnNode column(JsonNode item) {
        return new ColumnNode(
                item.path("name").asText(),
                item.path("type").asText(),
                false,
                item.path("description").asText());
    }
}
