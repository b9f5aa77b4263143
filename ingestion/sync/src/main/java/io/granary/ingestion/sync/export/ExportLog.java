package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.ingestion.sync.jdbc.WallClock;
import io.granary.tablestore.RunId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which version of each day of each export is in the database, and since when; kept beside the exported tables, so that who
 * reads a report knows how old it is (docs/contracts.md, section 10), and an export knows what is there.
 */
record ExportLog(Database database) {
    static final String TABLE = "granary_exports";

    private static final int NAME = 255;
    private static final int DAY = 10;
    private static final int RUN = 64;

    /** Creates the table, or adds the columns that an earlier Granary did not have. */
    void ensure() {
        List<String> found =
                database.columns(TABLE).stream().map(DatabaseColumn::hiveName).toList();
        if (found.isEmpty()) {
            database.execute("CREATE TABLE " + quoted(TABLE) + " (" + column("export", "string", NAME) + " NOT NULL, "
                    + column("ds", "string", DAY) + " NOT NULL, " + column("exported_at", "timestamp", 0)
                    + " NOT NULL, " + column("version", "string", RUN) + " NULL, " + column("row_count", "bigint", 0)
                    + " NULL, PRIMARY KEY (" + quoted("export") + ", " + quoted("ds") + "))"
                    + SharingSql.of(database).tableOptions());
            return;
        }
        if (!found.contains("version")) {
            database.execute("ALTER TABLE " + quoted(TABLE) + " ADD " + column("version", "string", RUN) + " NULL");
        }
        if (!found.contains("row_count")) {
            database.execute("ALTER TABLE " + quoted(TABLE) + " ADD " + column("row_count", "bigint", 0) + " NULL");
        }
    }

    private String column(String name, String hiveType, int characters) {
        return quoted(name) + " " + sql().columnType(TABLE + "." + name, hiveType, characters);
    }

    /** What is there of the day; nothing when it never was, or an earlier Granary wrote it. */
    Optional<ExportedVersion> day(String export, String ds) {
        return entries(export).stream().filter(v -> v.ds().equals(ds)).findFirst();
    }

    /** The latest day that is there. */
    Optional<ExportedVersion> latest(String export) {
        return entries(export).stream().reduce((a, b) -> a.ds().compareTo(b.ds()) >= 0 ? a : b);
    }

    private List<ExportedVersion> entries(String export) {
        return database.rows(
                "SELECT " + quoted("ds") + ", " + quoted("version") + " FROM " + quoted(TABLE) + " WHERE "
                        + quoted("export") + " = " + sql().literal(export) + " AND " + quoted("version")
                        + " IS NOT NULL",
                row -> new ExportedVersion(export, row.getString(1), new RunId(row.getString(2))));
    }

    /** The statements, for one transaction, that note that the day was written; other days stay as they are. */
    List<String> day(ExportedVersion version, long rows, Instant at) {
        return List.of(
                forget(version.export()) + " AND " + quoted("ds") + " = " + sql().literal(version.ds()),
                entry(version, rows, at));
    }

    /** The statements, for one transaction, that note that the table holds this day and no other. */
    List<String> only(ExportedVersion version, long rows, Instant at) {
        return List.of(forget(version.export()), entry(version, rows, at));
    }

    private String forget(String export) {
        return "DELETE FROM " + quoted(TABLE) + " WHERE " + quoted("export") + " = " + sql().literal(export);
    }

    private String entry(ExportedVersion version, long rows, Instant at) {
        return "INSERT INTO " + quoted(TABLE) + " ("
                + List.of("export", "ds", "exported_at", "version", "row_count").stream()
                        .map(this::quoted)
                        .collect(Collectors.joining(", "))
                + ") VALUES (" + sql().literal(version.export()) + ", " + sql().literal(version.ds()) + ", "
                + sql().literal(WallClock.text(LocalDateTime.ofInstant(at, ZoneOffset.UTC))) + ", "
                + sql().literal(version.run().value()) + ", " + rows + ")";
    }

    private String quoted(String name) {
        return sql().quoted(name);
    }

    private Dialect sql() {
        return database.dialect();
    }
}
