package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.FileFetch;
import java.util.List;

/**
 * Files of a server or of a person, whose rows are the columns that the project declares.
 *
 * @param type {@code ftp} (SFTP too), {@code http} or {@code manual}
 * @param connection of the profile; null for {@code manual}
 * @param mode of {@code manual}: a file takes the place of the day's rows ({@code replace}) or is added to them
 *     ({@code append}); null for the others
 * @param deadline how long after its end a day's files may be missing, such as {@code 6h}; null: a day
 */
public record FileSource(
        Origin origin,
        String subject,
        String name,
        String description,
        String timeZone,
        String type,
        String format,
        String connection,
        FileFetch fetch,
        List<ColumnNode> columns,
        String mode,
        String deadline)
        implements SourceDefinition {
    public static final List<String> TYPES = List.of("ftp", "http", "manual");
    private static final FileFetch.Retry RETRY = new FileFetch.Retry(5, "2s");

    public FileSource {
        columns = List.copyOf(columns);
    }

    @Override
    public String table() {
        return "ods.ods_" + subject + "_" + name + "_di";
    }

    public boolean isManual() {
        return type.equals("manual");
    }

    static FileSource of(String subject, String name, String timeZone, YamlFile yaml) {
        String type = yaml.text("type");
        boolean manual = type.equals("manual");
        String format = yaml.text("format", "csv");
        JsonNode content = yaml.content();
        FileFetch fetch = new FileFetch(
                yaml.text("path", null),
                format.equals("csv") ? csv(content.path("csv")) : null,
                complete(content.path("complete")),
                yaml.text("checksum", null),
                manual ? null : retry(content.path("retry")),
                JdbcSource.errors(content.path("errors")));
        return new FileSource(
                yaml.origin(),
                subject,
                name,
                yaml.text("description"),
                yaml.text("time_zone", timeZone),
                type,
                format,
                yaml.text("connection", null),
                fetch,
                yaml.items("columns", LogSource::column),
                manual ? yaml.text("mode", "replace") : null,
                yaml.text("deadline", null));
    }

    private static FileFetch.Csv csv(JsonNode csv) {
        return new FileFetch.Csv(
                csv.path("delimiter").asText(","),
                csv.path("quote").asText("\""),
                csv.path("header").asBoolean(true),
                csv.path("encoding").asText("UTF-8"),
                csv.path("null_text").asText(""));
    }

    private static FileFetch.Completeness complete(JsonNode complete) {
        if (complete.isMissingNode()) {
            return null;
        }
        return new FileFetch.Completeness(
                complete.path("marker").asText(null),
                complete.path("manifest").asText(null),
                complete.path("stable_for").asText(null));
    }

    private static FileFetch.Retry retry(JsonNode retry) {
        return new FileFetch.Retry(
                retry.path("attempts").asInt(RETRY.attempts()),
                retry.path("pause").asText(RETRY.pause()));
    }
}
