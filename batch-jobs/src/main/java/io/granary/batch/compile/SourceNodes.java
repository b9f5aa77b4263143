package io.granary.batch.compile;

import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.project.FileSource;
import io.granary.warehouse.project.JdbcSource;
import io.granary.warehouse.project.LogSource;
import io.granary.warehouse.project.SourceDefinition;

/** Sources as the nodes of a manifest. */
final class SourceNodes {
    private SourceNodes() {}

    static SourceNode of(SourceDefinition source) {
        if (source instanceof FileSource file) {
            return file(file);
        }
        return source instanceof LogSource log ? log(log) : jdbc((JdbcSource) source);
    }

    private static SourceNode log(LogSource log) {
        return SourceNode.of("log", log.subject(), log.name())
                .hourly()
                .description(log.description())
                .table(log.table())
                .timeZone(log.timeZone())
                .format(log.format())
                .eventTime(log.eventTime())
                .topic(log.topic())
                .inbox(log.inbox())
                .files(log.files())
                .columns(log.columns())
                .deadline(log.deadline())
                .poll(log.poll())
                .node();
    }

    private static SourceNode jdbc(JdbcSource jdbc) {
        return SourceNode.of("jdbc", jdbc.subject(), jdbc.name())
                .daily()
                .description(jdbc.description())
                .table(jdbc.table())
                .timeZone(jdbc.timeZone())
                .columns(jdbc.columns())
                .connection(jdbc.connection())
                .sourceTable(jdbc.sourceTable())
                .mode(jdbc.mode())
                .splitKey(jdbc.splitKey().orElse(null))
                .read(jdbc.read())
                .node();
    }

    private static SourceNode file(FileSource file) {
        return SourceNode.of(file.type(), file.subject(), file.name())
                .daily()
                .description(file.description())
                .table(file.table())
                .timeZone(file.timeZone())
                .format(file.format())
                .columns(file.columns())
                .connection(file.connection())
                .mode(file.mode())
                .deadline(file.deadline())
                .fetch(file.fetch())
                .node();
    }
}
