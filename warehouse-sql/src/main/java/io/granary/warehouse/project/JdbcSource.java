package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.TableRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of a database, or the tables it is cut into; the columns are read from the database when it is synchronized.
 *
 * @param connection name of a connection of the profile
 * @param sourceTable the table; null when it is cut into several, whose names {@code read} has a pattern of
 * @param mode {@code full}: the whole table every day; {@code incremental}: what has changed or been added
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
        List<ColumnNode> columns,
        TableRead read)
        implements SourceDefinition {

    /** Column of the ODS table that says from which of the tables a row is. */
    public static final String SOURCE_TABLE = "source_table";

    @Override
    public String table() {
        return "ods.ods_" + subject + "_" + name + (isIncremental() ? "_di" : "_df");
    }

    public boolean isIncremental() {
        return mode.equals("incremental");
    }

    static JdbcSource of(String subject, String name, String timeZone, YamlFile yaml) {
        TableRead read = read(yaml);
        List<ColumnNode> columns = new ArrayList<>(yaml.items("columns", LogSource::column));
        if (!columns.isEmpty() && read != null && read.tables() != null) {
            columns.add(new ColumnNode(SOURCE_TABLE, "string", true, "Table the row is from."));
        }
        return new JdbcSource(
                yaml.origin(),
                subject,
                name,
                yaml.text("description"),
                yaml.text("time_zone", timeZone),
                yaml.text("connection"),
                yaml.text("table", null),
                yaml.text("mode"),
                Optional.ofNullable(yaml.text("split_key", null)),
                List.copyOf(columns),
                read);
    }

    private static TableRead read(YamlFile yaml) {
        JsonNode channels = yaml.content().path("channels");
        TableRead read = new TableRead(
                yaml.text("tables", null),
                yaml.text("watermark", null),
                yaml.text("overlap", null),
                yaml.texts("key"),
                yaml.text("where", null),
                channels.isMissingNode() ? null : channels.asInt(),
                yaml.text("engine", null),
                errors(yaml.content().path("errors")),
                yaml.text("zero_dates", null));
        return read.equals(TableRead.WHOLE) ? null : read;
    }

    /** Rows that may be left out; null when nothing is said. */
    static TableRead.Errors errors(JsonNode errors) {
        if (errors.isMissingNode()) {
            return null;
        }
        return new TableRead.Errors(
                errors.has("record") ? errors.path("record").asLong() : null,
                errors.has("percentage") ? errors.path("percentage").decimalValue() : null);
    }
}
