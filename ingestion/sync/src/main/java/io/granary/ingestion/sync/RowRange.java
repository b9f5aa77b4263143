package io.granary.ingestion.sync;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.warehouse.command.DurationText;
import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which rows make a day.
 *
 * @param column watermark or key; null with all rows
 * @param from of a watermark the first value, of a key the one below the first; null: from the start
 * @param until of a watermark the value behind the last, of a key the last; null: to the end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RowRange(Kind kind, String column, String from, String until) {
    static final RowRange ALL = new RowRange(Kind.ALL, null, null, null);

    private static final DateTimeFormatter WALL_CLOCK = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    enum Kind {
        ALL,
        WATERMARK,
        KEY
    }

    /**
     * The rows that changed on a day, and shortly before it. A column that knows its time zone is compared as an instant;
     * one that does not shows the wall clock of the source's zone.
     *
     * @param overlap such as {@code 10m}, or null
     */
    static RowRange ofDay(
            String source, DatabaseColumn watermark, DatabaseType database, String overlap, LocalDate ds, ZoneId zone) {
        Duration before = overlap == null ? Duration.ZERO : DurationText.parse("overlap of " + source, overlap);
        return switch (watermark.hiveType()) {
            case "date" ->
                new RowRange(
                        Kind.WATERMARK,
                        watermark.name(),
                        ds.minusDays(before.plusDays(1).minusSeconds(1).toDays())
                                .toString(),
                        ds.plusDays(1).toString());
            case "timestamp" ->
                new RowRange(
                        Kind.WATERMARK,
                        watermark.name(),
                        wallClock(knowsZone(watermark, database), ds, zone, before),
                        wallClock(knowsZone(watermark, database), ds.plusDays(1), zone, Duration.ZERO));
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "source " + source + ": watermark " + watermark.name() + " is " + watermark.sourceType()
                                + "; it must be a date-time or a date. A key that only grows goes under key.");
        };
    }

    private static String wallClock(boolean knowsZone, LocalDate day, ZoneId zone, Duration before) {
        if (knowsZone) {
            Instant at = day.atStartOfDay(zone).toInstant().minus(before);
            return WALL_CLOCK.format(LocalDateTime.ofInstant(at, ZoneOffset.UTC));
        }
        return WALL_CLOCK.format(day.atStartOfDay().minus(before));
    }

    /** Sessions are in UTC, so such a column shows UTC. */
    private static boolean knowsZone(DatabaseColumn column, DatabaseType database) {
        String type = column.sourceType().toLowerCase(Locale.ROOT);
        boolean mysql = database == DatabaseType.MARIADB || database == DatabaseType.MYSQL;
        return type.contains("with time zone")
                || type.contains("with local time zone")
                || type.startsWith("timestamptz")
                || type.startsWith("datetimeoffset")
                || (mysql && type.startsWith("timestamp"));
    }

    /** Rows above a key, up to another one. */
    static RowRange ofKey(String column, String above, String upTo) {
        return new RowRange(Kind.KEY, column, above, upTo);
    }

    /** The condition in the database's SQL, with the source's own; null: all rows. */
    String condition(Dialect dialect, String where) {
        List<String> all = new ArrayList<>();
        if (where != null) {
            all.add("(" + where + ")");
        }
        String name = column == null ? null : dialect.quoted(column);
        if (kind == Kind.WATERMARK) {
            all.add(name + " >= " + time(dialect, from));
            all.add(name + " < " + time(dialect, until));
        }
        if (kind == Kind.KEY && from != null) {
            all.add(name + " > " + from);
        }
        if (kind == Kind.KEY && until != null) {
            all.add(name + " <= " + until);
        }
        return all.isEmpty() ? null : String.join(" AND ", all);
    }

    /** As no setting of a session can misread it. */
    private static String time(Dialect dialect, String text) {
        if (dialect.type() == DatabaseType.SQLSERVER) {
            return dialect.literal(text.replace(' ', 'T'));
        }
        return (text.contains(" ") ? "TIMESTAMP " : "DATE ") + dialect.literal(text);
    }
}
