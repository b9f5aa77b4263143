package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.log.format.FormatException;
import io.granary.warehouse.log.format.LineFormat;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.LogFiles;
import java.util.List;
import java.util.Optional;

/**
 * Lines of files.
 *
 * @param format {@code json}, or a text that {@link LineFormat#of} reads
 * @param columns what a line is parsed into, without the columns that every log table has; none when the format cannot
 *     be understood, which is reported
 * @param deadline how long after its end a collected hour waits for what is missing, such as {@code 2h}; null: two hours
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
        List<ColumnNode> columns,
        String deadline)
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
        String format = yaml.text("format");
        boolean json = format.equals("json");
        Optional<LineFormat> known = json ? Optional.empty() : known(format);
        return new LogSource(
                yaml.origin(),
                subject,
                name,
                yaml.text("description"),
                yaml.text("time_zone", timeZone),
                format,
                json
                        ? yaml.text("event_time")
                        : known.map(LineFormat::eventTime).orElse(""),
                yaml.items("files", LogSource::files),
                yaml.flag("inbox"),
                json
                        ? yaml.items("columns", LogSource::column)
                        : known.map(LogSource::columns).orElse(List.of()),
                yaml.text("deadline", null));
    }

    private static Optional<LineFormat> known(String format) {
        try {
            return Optional.of(LineFormat.of(format));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    private static List<ColumnNode> columns(LineFormat format) {
        return format.columns().stream()
                .map(c -> new ColumnNode(c.name(), c.type(), c.required(), c.description()))
                .toList();
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
