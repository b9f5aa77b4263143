package io.granary.warehouse.project;

import io.granary.warehouse.log.format.FormatException;
import io.granary.warehouse.log.format.LineFormat;
import java.time.DateTimeException;
import java.time.ZoneId;

/** Sources: what can come in, in which format, and with which columns. */
record SourceChecks(NameChecks names, Problems problems) {

    void check(SourceDefinition source) {
        zone(source.origin(), source.timeZone());
        if (source instanceof FileSource file) {
            new FileChecks(file, problems).check();
            names.once(file.origin(), "/columns", "column", NameChecks.names(file.columns()));
            return;
        }
        if (source instanceof JdbcSource jdbc) {
            JdbcChecks.check(jdbc, problems);
        }
        if (!(source instanceof LogSource log)) {
            return;
        }
        if (log.poll() != null) {
            zone(log.origin(), log.poll().timeZone());
        } else if (log.files().isEmpty() && !log.inbox()) {
            problems.add(log.origin()
                    .problem("", "nothing can come in: no files and no inbox", "Name files, or set inbox: true."));
        }
        if (!log.format().equals("json")) {
            format(log);
            return;
        }
        names.once(log.origin(), "/columns", "column", NameChecks.names(log.columns()));
        reserved(log);
        eventTime(log);
    }

    /** Checks a zone where it is written, not where it is inherited. */
    void zone(Origin origin, String zone) {
        if (!origin.values().containsKey("/time_zone")) {
            return;
        }
        try {
            ZoneId.of(zone);
        } catch (DateTimeException e) {
            problems.add(origin.problem(
                    "/time_zone", "time_zone is '" + zone + "'", "Use a zone's name, such as UTC or Asia/Shanghai."));
        }
    }

    private void format(LogSource log) {
        try {
            LineFormat.of(log.format());
        } catch (FormatException e) {
            problems.add(log.origin().problem("/format", e.what(), e.hint()));
        }
    }

    private void reserved(LogSource log) {
        for (int i = 0; i < log.columns().size(); i++) {
            String name = log.columns().get(i).name();
            if (LogSource.RESERVED.contains(name)) {
                problems.add(log.origin()
                        .problem(
                                "/columns/" + i + "/name",
                                "column '" + name + "' is there already",
                                "Every log table has " + String.join(", ", LogSource.RESERVED) + "."));
            }
        }
    }

    private void eventTime(LogSource log) {
        names.column(log.origin(), "/event_time", log.eventTime(), NameChecks.names(log.columns()));
        log.columns().stream()
                .filter(column -> column.name().equals(log.eventTime()))
                .findFirst()
                .ifPresent(column -> names.timestamp(log.origin(), "/event_time", column));
    }
}
