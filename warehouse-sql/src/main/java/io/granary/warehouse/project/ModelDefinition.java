package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.TestNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model: its SQL and what its YAML says about the table.
 *
 * @param sqlFile path of the SQL inside the project, with {@code /}
 * @param sql the file's text, lines ended by a line feed
 * @param partition empty when the table has none
 * @param columns without the partition columns; the type is null where the YAML leaves it out
 * @param lookback days before a day that are built again with it, 0 for none
 * @param key columns that name what an scd2 table has versions of
 * @param tracked columns whose change makes a new version in an scd2 table
 * @param tests as the YAML declares them, in its order
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
        List<ColumnNode> columns,
        int lookback,
        List<String> key,
        List<String> tracked,
        List<String> tags,
        List<TestNode> tests) {

    /** What an scd2 table has behind the columns of its SQL: days {@code [valid_from, valid_to)}. */
    public static final List<ColumnNode> VERSION_COLUMNS = List.of(
            new ColumnNode("valid_from", "string", false, "First day of the version, yyyy-MM-dd."),
            new ColumnNode(
                    "valid_to", "string", false, "Day after the version's last; 9999-12-31 for the current one."),
            new ColumnNode("is_current", "boolean", false, "Whether it is the newest version of its key."));

    public ModelDefinition {
        unique = List.copyOf(unique);
        partition = List.copyOf(partition);
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        tracked = List.copyOf(tracked);
        tags = List.copyOf(tags);
        tests = List.copyOf(tests);
    }

    /** {@code database.table}. */
    public String table() {
        return layer.database() + "." + name;
    }

    /** Whether the table has this column, the partition's among them. */
    public boolean hasColumn(String column) {
        return columnNames().contains(column);
    }

    /** Names of the table's columns, those of the partition last. */
    public List<String> columnNames() {
        List<String> names = new ArrayList<>();
        columns.forEach(column -> names.add(column.name()));
        if (isScd2()) {
            VERSION_COLUMNS.forEach(column -> names.add(column.name()));
        }
        names.addAll(partition);
        return names;
    }

    /** Where each test stands in the YAML, by its id. */
    public Map<String, String> testPointers() {
        Map<String, String> pointers = new HashMap<>();
        int item = 0;
        for (TestNode test : tests) {
            // A broken test is missing from the list.
            while (!origin.values().containsKey("/tests/" + item + "/" + test.type())
                    && origin.values().containsKey("/tests/" + item)) {
                item++;
            }
            pointers.put(test.id(), "/tests/" + item);
            item++;
        }
        return pointers;
    }

    public boolean isScd2() {
        return materialization.equals("scd2");
    }

    /** With other types for the columns, in their order. */
    public ModelDefinition withColumns(List<ColumnNode> typed) {
        return new ModelDefinition(
                origin,
                subject,
                layer,
                name,
                sqlFile,
                sql,
                description,
                owner,
                grain,
                unique,
                partition,
                materialization,
                streamable,
                access,
                typed,
                lookback,
                key,
                tracked,
                tags,
                tests);
    }

    static ModelDefinition of(
            String subject, Layer layer, String name, String sqlFile, String sql, YamlFile yaml, List<TestNode> tests) {
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
                yaml.items("columns", ModelDefinition::column),
                yaml.content().path("lookback").asInt(0),
                yaml.texts("key"),
                yaml.texts("tracked"),
                yaml.texts("tags"),
                tests);
    }

    private static ColumnNode column(JsonNode item) {
        return new ColumnNode(
                item.path("name").asText(),
                item.path("type").asText(null),
                false,
                item.path("description").asText());
    }
}
