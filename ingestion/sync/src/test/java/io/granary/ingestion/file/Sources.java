package io.granary.ingestion.file;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.FileFetch;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.util.List;

/** Sources of files for tests, in subject {@code files}. */
public final class Sources {
    public static final FileFetch.Csv CSV = new FileFetch.Csv(",", "\"", true, "UTF-8", "");
    public static final List<ColumnNode> COLUMNS = List.of(
            new ColumnNode("id", "bigint", true, "Id."),
            new ColumnNode("amount", "decimal(12,2)", false, "Amount."),
            new ColumnNode("at", "timestamp", false, "Time."),
            new ColumnNode("note", "string", false, "Note."));

    private Sources() {}

    public static SourceNode pulled(String name, String type, String connection, FileFetch fetch, String deadline) {
        return source(name, type, fetch.csv() == null ? "json" : "csv", connection, null, deadline, fetch, COLUMNS);
    }

    public static SourceNode manual(String name, String mode) {
        return manual(name, mode, CSV, COLUMNS);
    }

    public static SourceNode manual(String name, String mode, FileFetch.Csv csv, List<ColumnNode> columns) {
        FileFetch fetch = new FileFetch(null, csv, null, null, null, null);
        return source(name, "manual", csv == null ? "json" : "csv", null, mode, null, fetch, columns);
    }

    private static SourceNode source(
            String name,
            String type,
            String format,
            String connection,
            String mode,
            String deadline,
            FileFetch fetch,
            List<ColumnNode> columns) {
        return SourceNode.of(type, "files", name)
                .daily()
                .table("ods.ods_files_" + name + "_di")
                .format(format)
                .columns(columns)
                .connection(connection)
                .mode(mode)
                .deadline(deadline)
                .fetch(fetch)
                .node();
    }

    public static Manifest manifest(SourceNode... sources) {
        return Manifest.of("test").sources(List.of(sources)).manifest();
    }
}
