package io.granary.warehouse.manifest;

import java.util.List;

/**
 * What comes in. {@code format, eventTime, topic, inbox, files, columns} are set for {@code type: log};
 * {@code connection, sourceTable, mode, splitKey} for {@code type: jdbc}, whose columns are read from the database;
 * its {@code columns} are those that the project declares, perhaps none. {@code connection} (not of {@code manual}), {@code
 * format, columns, fetch} for files, {@code type: ftp | http | manual}, and {@code mode} ({@code replace | append}) for
 * {@code manual}.
 *
 * @param deadline of a log: how long after its end a collected hour waits for what is missing, such as {@code 2h}; null:
 *     two hours
 * @param read of a jdbc source: how it is read, or null: the whole table
 * @param fetch of a source whose files are fetched or uploaded, or null
 * @param poll of a log whose lines are the changed rows of a table, or null
 */
public record SourceNode(
        String id,
        String subject,
        String name,
        String type,
        String description,
        String table,
        List<String> partition,
        String timeZone,
        String format,
        String eventTime,
        String topic,
        Boolean inbox,
        List<LogFiles> files,
        List<ColumnNode> columns,
        String connection,
        String sourceTable,
        String mode,
        String splitKey,
        String deadline,
        TableRead read,
        FileFetch fetch,
        Poll poll) {

    public SourceNode {
        partition = List.copyOf(partition);
        files = files == null ? List.of() : List.copyOf(files);
        columns = columns == null ? List.of() : List.copyOf(columns);
    }

    /** A source to be filled; its id is {@code source.<subject>.<name>}. */
    public static SourceNodeBuilder of(String type, String subject, String name) {
        return new SourceNodeBuilder(type, subject, name);
    }

    public boolean isLog() {
        return type.equals("log");
    }

    /** Files of a server. */
    public boolean isPulled() {
        return type.equals("ftp") || type.equals("http");
    }

    /** Files that a person gives. */
    public boolean isManual() {
        return type.equals("manual");
    }

    /** The task of the workflow that lands it. */
    public String task() {
        if (isLog()) {
            return "seal." + qualifiedName();
        }
        if (isPulled()) {
            return "pull." + qualifiedName();
        }
        return isManual() ? "upload." + qualifiedName() : "sync." + subject;
    }

    /** {@code <subject>.<name>}, the name people and headers use. */
    public String qualifiedName() {
        return subject + "." + name;
    }
}
