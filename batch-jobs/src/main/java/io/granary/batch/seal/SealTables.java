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

    private static final List<Column> LINE = List.of(
            new Column("region", "string", "Where the line was collected."),
            new Column("site", "string", "Site the log belongs to."),
            new Column("host", "string", "Machine that wrote the log; inbox for a file that a person ingested."),
            new Column("file", "string", "Generation id of the log file."),
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
        return new TableSchema(QUARANTINE, columns, bySource(), "Lines that did not parse.");
    }

    static TableSchema account() {
        return new TableSchema(
                ACCOUNT,
                List.of(
                        new Column("region", "string", "Where the lines were collected."),
                        new Column("site", "string", "Site the log belongs to."),
                        new Column("host", "string", "Machine that wrote the log."),
                        new Column("file", "string", "Generation id of the log file."),
                        new Column("hh", "string", "Hour in which the lines were collected, UTC."),
                        new Column("seal_id", "string", "The seal that counted."),
                        new Column("read_lines", "bigint", "Lines by the collector's own line numbers."),
                        new Column("loaded", "bigint", "Lines that went to ODS."),
                        new Column("duplicate", "bigint", "Lines that an earlier seal had."),
                        new Column("quarantined", "bigint", "Lines that went to quarantine."),
                        new Column("lost", "bigint", "Lines that the collector could not read.")),
                bySource(),
                "What became of every collected line: read_lines = loaded + duplicate + quarantined + lost.");
    }

    private static List<Column> bySource() {
        return List.of(
                new Column("source", "string", "Source, <subject>.<name>."),
                new Column("dt", "string", "Day in which the lines were collected, UTC."));
    }

    private static String text(String description) {
        return description == null ? "" : description;
    }
}
