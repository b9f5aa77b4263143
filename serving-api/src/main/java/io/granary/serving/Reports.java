package io.granary.serving;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ReportColumn;
import io.granary.warehouse.manifest.ReportNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads reports out of the sharing layer. */
final class Reports {
    /** Most rows of an answer; {@code truncated} says when there are more. */
    static final int MOST_ROWS = 10_000;

    private static final int MOST_DAYS = 400;
    /** As MariaDB and MySQL say it, and PostgreSQL. */
    private static final Set<String> NO_SUCH_TABLE = Set.of("42S02", "42P01");

    private final LiveManifest manifest;
    private final ShareDatabases databases;

    Reports(LiveManifest manifest, ShareDatabases databases) {
        this.manifest = manifest;
        this.databases = databases;
    }

    /** {@code ds}: the days there are, newest first. {@code asOf}: when the newest was exported, if that is known. */
    record Entry(
            String report,
            String title,
            String description,
            List<ReportColumn> columns,
            List<String> ds,
            Instant asOf) {}

    /** {@code asOf}: of the report that was exported last. */
    record Listing(List<Entry> reports, Instant asOf) {}

    record Answer(
            String report,
            String title,
            String ds,
            List<ReportColumn> columns,
            List<Map<String, Object>> rows,
            boolean truncated,
            Instant asOf) {}

    Listing list() {
        Manifest now = manifest.current();
        List<Entry> entries = now.reports().stream()
                .map(report -> databases.read(report.connection(), c -> entry(c, now, report)))
                .toList();
        Instant asOf = entries.stream()
                .map(Entry::asOf)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
        return new Listing(entries, asOf);
    }

    Answer answer(String name, Parameters parameters) {
        Manifest now = manifest.current();
        ReportNode report = now.report(name)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.NOT_FOUND,
                        "there is no report '" + Parameters.shorten(name) + "'."
                                + Nearest.hint(
                                        Parameters.shorten(name),
                                        now.reports().stream()
                                                .map(ReportNode::qualifiedName)
                                                .toList())));
        Optional<String> day = parameters.day("ds").map(Object::toString);
        return databases.read(report.connection(), c -> answer(c, now, report, day));
    }

    private static Entry entry(Connection connection, Manifest manifest, ReportNode report) throws SQLException {
        List<String> days = days(connection, report);
        return new Entry(
                report.qualifiedName(),
                report.title(),
                report.description(),
                report.columns(),
                days,
                days.isEmpty() ? null : exportedAt(connection, manifest, report, days.get(0)));
    }

    private static Answer answer(Connection connection, Manifest manifest, ReportNode report, Optional<String> asked)
            throws SQLException {
        List<String> days = days(connection, report);
        if (days.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "report " + report.qualifiedName() + " has no data yet. Run `granary export --select subject:"
                            + report.subject() + " --ds <day>`.");
        }
        String day = asked.orElse(days.get(0));
        List<Map<String, Object>> rows = rows(connection, manifest, report, day);
        if (rows.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "report " + report.qualifiedName() + " has no rows for " + day + ". Newest days: "
                            + String.join(", ", days.subList(0, Math.min(5, days.size()))) + ".");
        }
        boolean truncated = rows.size() > MOST_ROWS;
        return new Answer(
                report.qualifiedName(),
                report.title(),
                day,
                report.columns(),
                truncated ? rows.subList(0, MOST_ROWS) : rows,
                truncated,
                exportedAt(connection, manifest, report, day));
    }

    private static List<String> days(Connection connection, ReportNode report) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(ReportSql.of(connection).days(report))) {
            statement.setInt(1, MOST_DAYS);
            List<String> days = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    days.add(found.getString(1));
                }
            }
            return days;
        } catch (SQLException e) {
            return whenMissing(e, List.of());
        }
    }

    private static List<Map<String, Object>> rows(
            Connection connection, Manifest manifest, ReportNode report, String day) throws SQLException {
        List<String> order = export(manifest, report)
                .map(export ->
                        export.key().stream().filter(key -> !key.equals("ds")).toList())
                .orElse(List.of());
        try (PreparedStatement statement =
                connection.prepareStatement(ReportSql.of(connection).rows(report, order))) {
            statement.setString(1, day);
            statement.setInt(2, MOST_ROWS + 1);
            List<Map<String, Object>> rows = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(row(found, report));
                }
            }
            return rows;
        }
    }

    private static Map<String, Object> row(ResultSet found, ReportNode report) throws SQLException {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < report.columns().size(); i++) {
            row.put(report.columns().get(i).name(), value(found, i + 1));
        }
        return row;
    }

    /** A value as JSON shows it; DATETIMEs of the sharing layer are UTC. */
    private static Object value(ResultSet found, int column) throws SQLException {
        return switch (found.getMetaData().getColumnType(column)) {
            case Types.TIMESTAMP -> instant(found.getObject(column, LocalDateTime.class));
            case Types.DATE, Types.TIME -> found.getString(column);
            default -> found.getObject(column);
        };
    }

    private static Instant exportedAt(Connection connection, Manifest manifest, ReportNode report, String day)
            throws SQLException {
        Optional<ExportNode> export = export(manifest, report);
        if (export.isEmpty()) {
            return null;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(ReportSql.of(connection).exportedAt())) {
            statement.setString(1, export.get().id());
            statement.setString(2, day);
            try (ResultSet found = statement.executeQuery()) {
                return found.next() ? instant(found.getObject(1, LocalDateTime.class)) : null;
            }
        } catch (SQLException e) {
            return whenMissing(e, null);
        }
    }

    /** The export that fills the report's table. */
    private static Optional<ExportNode> export(Manifest manifest, ReportNode report) {
        return manifest.exports().stream()
                .filter(export -> export.intoTable()
                        && export.connection().equals(report.connection())
                        && export.table().equals(report.sourceTable()))
                .findFirst();
    }

    private static <T> T whenMissing(SQLException e, T otherwise) throws SQLException {
        if (e.getSQLState() != null && NO_SUCH_TABLE.contains(e.getSQLState())) {
            return otherwise;
        }
        throw e;
    }

    private static Instant instant(LocalDateTime utc) {
        return utc == null ? null : utc.toInstant(ZoneOffset.UTC);
    }
}
