package io.granary.warehouse.manifest;

import java.util.List;

/**
 * A {@link SourceNode}, component by component: in UTC, without partition and description, and without all that only some
 * types have, until it is said. {@code table} and {@code partition} must be.
 */
public final class SourceNodeBuilder {
    private final String id;
    private final String subject;
    private final String name;
    private final String type;
    private String description = "";
    private String table;
    private List<String> partition = List.of();
    private String timeZone = "UTC";
    private String format;
    private String eventTime;
    private String topic;
    private Boolean inbox;
    private List<LogFiles> files;
    private List<ColumnNode> columns;
    private String connection;
    private String sourceTable;
    private String mode;
    private String splitKey;
    private String deadline;
    private TableRead read;
    private FileFetch fetch;
    private Poll poll;

    SourceNodeBuilder(String type, String subject, String name) {
        this.id = "source." + subject + "." + name;
        this.subject = subject;
        this.name = name;
        this.type = type;
    }

    public SourceNodeBuilder description(String description) {
        this.description = description;
        return this;
    }

    public SourceNodeBuilder table(String table) {
        this.table = table;
        return this;
    }

    public SourceNodeBuilder partition(List<String> partition) {
        this.partition = partition;
        return this;
    }

    public SourceNodeBuilder timeZone(String timeZone) {
        this.timeZone = timeZone;
        return this;
    }

    public SourceNodeBuilder format(String format) {
        this.format = format;
        return this;
    }

    public SourceNodeBuilder eventTime(String eventTime) {
        this.eventTime = eventTime;
        return this;
    }

    public SourceNodeBuilder topic(String topic) {
        this.topic = topic;
        return this;
    }

    public SourceNodeBuilder inbox(Boolean inbox) {
        this.inbox = inbox;
        return this;
    }

    public SourceNodeBuilder files(List<LogFiles> files) {
        this.files = files;
        return this;
    }

    public SourceNodeBuilder columns(List<ColumnNode> columns) {
        this.columns = columns;
        return this;
    }

    public SourceNodeBuilder connection(String connection) {
        this.connection = connection;
        return this;
    }

    public SourceNodeBuilder sourceTable(String sourceTable) {
        this.sourceTable = sourceTable;
        return this;
    }

    public SourceNodeBuilder mode(String mode) {
        this.mode = mode;
        return this;
    }

    public SourceNodeBuilder splitKey(String splitKey) {
        this.splitKey = splitKey;
        return this;
    }

    public SourceNodeBuilder deadline(String deadline) {
        this.deadline = deadline;
        return this;
    }

    public SourceNodeBuilder read(TableRead read) {
        this.read = read;
        return this;
    }

    public SourceNodeBuilder fetch(FileFetch fetch) {
        this.fetch = fetch;
        return this;
    }

    public SourceNodeBuilder poll(Poll poll) {
        this.poll = poll;
        return this;
    }

    /** A partition a day. */
    public SourceNodeBuilder daily() {
        return partition(List.of("ds"));
    }

    /** A partition an hour. */
    public SourceNodeBuilder hourly() {
        return partition(List.of("ds", "hh"));
    }

    public SourceNode node() {
        return new SourceNode(
                id,
                subject,
                name,
                type,
                description,
                table,
                partition,
                timeZone,
                format,
                eventTime,
                topic,
                inbox,
                files,
                columns,
                connection,
                sourceTable,
                mode,
                splitKey,
                deadline,
                read,
                fetch,
                poll);
    }
}
