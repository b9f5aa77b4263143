package io.granary.batch.seal;

import io.granary.tablestore.Column;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.warehouse.log.LogRelation;
import io.granary.warehouse.manifest.SourceNode;
import java.util.ArrayList;
import java.util.List;

/** The tables that sealing writes (docs/contracts.md, section 7). */
final class SealTables {
    static final TableName QUARANTINE = new TableName("ods", "granary_quarantine");
    static final TableName ACCOUNT = new TableName("ods", "granary_log_account");
    static final TableName SEALED = new TableName("ods", "granary_log_sealed");

    private static final Column REGION = new Column("region", "string", "Where the line was collected.");
    private static final Column SITE = new Column("site", "string", "Site the log belongs to.");
    private static final Column HOST =
            new Column("host", "string", "Machine that wrote the log; inbox for a file that a person ingested.");
    private static final Column FILE = new Column("file", "string", "Generation id of the log file.");

    private static final List<Column> LINE = List.of(
            REGION,
            SITE,
            HOST,
            FILE,
            new Column("line_offset", "bigint", "Offset of the line's first byte in its file."),
            new Column("line_number", "bigint", "Number of the line in its file, from 1."),
            new Column("collected_at", "timestamp", "When the collector read the line."),
            new Column("seal_id", "string", "The seal that loaded the line."));

    private SealTables() {}

    /** The ODS table of a log source. */
    static TableSchema ods(SourceNode source) {
        List<Column> columns = new ArrayList<>(LINE);
        LogRelation.columns(source).forEach(c -> columns.add(new Column(c.name(), c.type(), text(c.description()))));
        return new TableSchema(
                TableName.parse(source.table()),
                columns,
                List.of(
                        new Column("ds", "string", "Day of the event in the source's zone."),
                        new Column("hh", "string", "Hour of the event in the source's zone.")),
                text(source.description()));
    }

    static TableSchema quarantine() {
        List<Column> columns = new ArrayList<>(LINE);
        columns.add(new Column("reason", "string", "Why the line could not be read."));
        columns.add(new Column("line", "binary", "The line as it was, without its end."));
        columns.add(
                new Column("replayed_by", "string", "The replay that loaded the line; NULL: it is still kept out."));
        return new TableSchema(QUARANTINE, columns, List.of(source(), collectedDay()), "Lines that did not parse.");
    }

    static TableSchema account() {
        return new TableSchema(
                ACCOUNT,
                List.of(
                        REGION,
                        SITE,
                        HOST,
                        FILE,
                        new Column("hh", "string", "Hour in which the lines were collected, UTC."),
                        new Column("seal_id", "string", "The seal that counted."),
                        new Column("read_lines", "bigint", "Lines by the collector's own line numbers."),
                        new Column("loaded", "bigint", "Lines that went to ODS."),
                        new Column("duplicate", "bigint", "Lines that came again."),
                        new Column("quarantined", "bigint", "Lines that went to quarantine."),
                        new Column("lost", "bigint", "Lines that the collector could not read."),
                        new Column(
                                "missing",
                                "bigint",
                                "Lines that the collector read and that have not landed; negative when they come."),
                        new Column("skipped", "bigint", "Directives of the log's format.")),
                List.of(source(), collectedDay()),
                "What became of every collected line:"
                        + " read_lines = loaded + duplicate + quarantined + lost + missing + skipped.");
    }

    static TableSchema sealed() {
        return new TableSchema(
                SEALED,
                List.of(
                        REGION,
                        HOST,
                        FILE,
                        new Column("start_offset", "bigint", "First byte."),
                        new Column("end_offset", "bigint", "First byte behind."),
                        new Column("first_line", "bigint", "Number of the first line, from 1."),
                        new Column("last_line", "bigint", "Number of the last line."),
                        new Column("collected_at", "timestamp", "When its newest bytes were collected."),
                        new Column("seal_id", "string", "The seal that made or widened it.")),
                List.of(source()),
                "Which bytes of which files are in the warehouse.");
    }

    private static Column source() {
        return new Column("source", "string", "Source, <subject>.<name>.");
    }

    private static Column collectedDay() {
        return new Column("dt", "string", "Day in which the lines were collected, UTC.");
    }

    private static String text(String description) {
        return description == null ? "" : description;
    }
}
