package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.log.format.FormatException;
import io.granary.warehouse.log.format.LineFormat;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.LogFiles;
import io.granary.warehouse.manifest.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lines of files, or the changed rows of a table as such.
 *
 * @param format {@code json}, or a text that {@link LineFormat#of} reads
 * @param columns what a line is parsed into, without the columns that every log table has; none when the format cannot
 *     be understood, which is reported
 * @param poll the table; null: there are files
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
        String deadline,
        Poll poll)
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
        Poll poll = yaml.content().has("poll") ? poll(yaml.content().path("poll")) : null;
        return new LogSource(
                yaml.origin(),
                subject,
                name,
                yaml.text("description"),
                yaml.text("time_zone", timeZone),
                format,
                json
                        ? yaml.text("event_time", poll == null ? "" : Poll.CHANGE_AT)
                        : known.map(LineFormat::eventTime).orElse(""),
                yaml.items("files", LogSource::files),
                yaml.flag("inbox"),
                json
                        ? columns(poll, yaml.items("columns", LogSource::column))
                        : known.map(LogSource::columns).orElse(List.of()),
                yaml.text("deadline", null),
                poll);
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

    private static Poll poll(JsonNode item) {
        List<String> key = new ArrayList<>();
        item.path("key").forEach(column -> key.add(column.asText()));
        String connection = item.path("connection").asText();
        return new Poll(
                connection,
                item.path("table").asText(),
                item.path("watermark").asText(),
                key,
                item.path("every").asText("5s"),
                item.path("overlap").asText("30s"),
                item.path("deleted").asText(null),
                item.path("time_zone").asText("UTC"),
                item.path("site").asText(connection),
                item.path("hosts").asText(null));
    }

    /** What the agent says of a row stands in front of the row's columns. */
    private static List<ColumnNode> columns(Poll poll, List<ColumnNode> declared) {
        if (poll == null) {
            return declared;
        }
        List<ColumnNode> columns = new ArrayList<>();
        columns.add(new ColumnNode(
                Poll.SEQUENCE, "bigint", true, "Number of the row version in the order in which it was found."));
        columns.add(new ColumnNode(Poll.CHANGE_AT, "timestamp", true, "When the row changed, or was found changed."));
        if (poll.deleted() != null) {
            columns.add(new ColumnNode(Poll.IS_DELETED, "boolean", true, "Whether the row was deleted."));
        }
        columns.addAll(declared);
        return columns;
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
