package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.LogFiles;
import java.util.List;

/**
 * Lines of files.
 *
 * @param format {@code combined} or {@code json}
 * @param columns what a line is parsed into, without the columns that every log table has
 */
public record LogSource(
        Origin origin,
        String subject,
        String name,
        String description,
        String timeZone,
        String format,
        String eventTime,
        List<LogFiles> files,
        boolean inbox,
        List<ColumnNode> columns)
        implements SourceDefinition {

    /** Columns that every log table has in front of those of its format, and its partitions. */
    public static final List<String> RESERVED = List.of(
            "region", "site", "host", "file", "line_offset", "line_number", "collected_at", "seal_id", "ds", "hh");

    public LogSource {
        files = List.copyOf(files);
        columns = List.copyOf(columns);
    }

    @Override
    public String table() {
        return "ods.ods_" + subject + "_" + name + "_hi";
    }

    /** The Kafka topic of its chunks. */
    public String topic() {
        return "granary." + subject + "." + name;
    }

    static LogSource of(String subject, String name, String timeZone, YamlFile yaml) {
        boolean combined = yaml.text("format").equals("combined");
        return new LogSource(
                yaml.origin(),
                subject,
                name,
                yaml.text("description"),
                yaml.text("time_zone", timeZone),
                yaml.text("format"),
                combined ? CombinedFormat.EVENT_TIME : yaml.text("event_time"),
                yaml.items("files", LogSource::files),
                yaml.flag("inbox"),
                combined ? CombinedFormat.COLUMNS : yaml.items("columns", LogSource::column));
    }

    private static LogFiles files(JsonNode item) {
        return new LogFiles(
                item.path("site").asText(),
                item.path("glob").asText(),
                item.path("hosts").asText(null));
    }

    static ColumnNode column(JsonNode item) {
        return new ColumnNode(
                item.path("name").asText(),
                item.path("type").asText(),
                item.path("required").asBoolean(false),
                item.path("description").asText());
    }
}
