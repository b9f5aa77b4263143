package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.TargetRows;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.job.Speed;
import io.granary.ingestion.sync.row.ReadRows;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ExportNode;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a day into a table of a database. A small day goes in one transaction. A large one, and a day that becomes the whole
 * table, is first loaded beside it, counted and added up.
 */
final class TableExport {
    /**
     * How large things may be.
     *
     * @param large from so many rows on, a day is loaded beside its table
     * @param lockSeconds how long a table that others read is waited for, which keeps new readers waiting too
     * @param swapTries how often it is tried to take such a table's place
     */
    record Bounds(long large, int lockSeconds, int swapTries) {
        static final Bounds NORMAL = new Bounds(100_000, 2, 20);
    }

    /** Sessions that load a shadow table side by side. */
    private static final int CHANNELS = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(TableExport.class);

    private final Profile profile;
    private final Function<DataxJob, JobReport> engine;
    private final Clock clock;
    private final Bounds bounds;

    /**
     * Exports into the profile's databases.
     *
     * @param engine runs a job
     */
    TableExport(Profile profile, Function<DataxJob, JobReport> engine, Clock clock, Bounds bounds) {
        this.profile = profile;
        this.engine = engine;
        this.clock = clock;
        this.bounds = bounds;
    }

    JobRun.Outcome run(ExportedDay day, long rows, boolean force) {
        Connection connection = profile.connection(day.export().connection());
        String place = connection.database() + "." + day.export().table();
        try (Database database = Database.open(connection)) {
            lock(database, day.export());
            ExportTable table = new ExportTable(day.export(), day.schema(), database);
            ExportLog log = new ExportLog(database);
            log.ensure();
            ShadowTable.dropLeftovers(database, day.export().table());
            boolean exists = table.exists();
            if (exists && !force && isThere(log, day)) {
                return day.alreadyThere(place);
            }
            List<String> added = exists ? table.align() : List.of();
            return day.outcome(
                    write(day, table, log, rows),
                    place,
                    added.isEmpty() ? List.of() : List.of("new columns in " + place + ": " + String.join(", ", added)));
        }
    }

    private boolean isThere(ExportLog log, ExportedDay day) {
        ExportedVersion version = day.version();
        Optional<ExportedVersion> there =
                replacesTable(day) ? log.latest(version.export()) : log.day(version.export(), version.ds());
        return there.filter(version::isThere).isPresent();
    }

    private static boolean replacesTable(ExportedDay day) {
        return day.export().mode().equals(ExportNode.TABLE);
    }

    private long write(ExportedDay day, ExportTable table, ExportLog log, long rows) {
        if (replacesTable(day)) {
            return throughShadow(day, table, log, true);
        }
        if (!table.exists()) {
            table.create(day.export().table());
        }
        return rows < bounds.large() ? direct(day, table, log, rows) : throughShadow(day, table, log, false);
    }

    /** The day's old rows, its new ones and the log in one transaction of the job. */
    private long direct(ExportedDay day, ExportTable table, ExportLog log, long rows) {
        RdbmsWriter writer = writer(day, table, day.export().table())
                .around(List.of(delete(table, "@table", day.ds())), log.day(day.version(), rows, clock.instant()))
                .withRowsWhere(ofDay(table, day.ds()));
        return engine.apply(DataxJob.of(day.reader(profile.fs(), true), writer)).rows();
    }

    private long throughShadow(ExportedDay day, ExportTable table, ExportLog log, boolean whole) {
        Database database = table.database();
        refuseTied(day, table, whole);
        ShadowTable shadow = ShadowTable.of(table);
        shadow.create();
        boolean swapped = false;
        try {
            JobReport report = engine.apply(DataxJob.of(
                    new DataxJob.Setting(Speed.of(CHANNELS), null),
                    day.reader(profile.fs(), true),
                    writer(day, table, shadow.name())));
            if (whole) {
                swap(table, shadow, log.only(day.version(), report.rows(), clock.instant()));
                swapped = true;
            } else {
                inTransaction(database, () -> {
                    replaceDay(day, table, shadow).forEach(database::execute);
                    verify(day, table, report);
                    log.day(day.version(), report.rows(), clock.instant()).forEach(database::execute);
                });
            }
            return report.rows();
        } finally {
            dropQuietly(database, swapped ? shadow.old() : shadow.name());
        }
    }

    private RdbmsWriter writer(ExportedDay day, ExportTable table, String into) {
        Connection connection = table.database().address();
        return RdbmsWriter.of(
                RdbmsKind.of(connection.type().toString()),
                connection.user(),
                PasswordReference.to(connection),
                PasswordReference.jobUrl(connection),
                into,
                table.names());
    }

    private static String delete(ExportTable table, String from, String ds) {
        return "DELETE FROM " + from + " WHERE " + ofDay(table, ds);
    }

    private static String ofDay(ExportTable table, String ds) {
        var sql = table.database().dialect();
        return sql.quoted("ds") + " = " + sql.literal(ds);
    }

    /** What triggers of the live table make of the rows is seen here. */
    private void verify(ExportedDay day, ExportTable table, JobReport report) {
        TargetRows rows =
                new TargetRows(day.export().table(), table.found(day.export().table()), ofDay(table, day.ds()));
        rows.compare(new ReadRows(table.types(), report.rows(), report.read()), rows.sums(table.database()));
    }

    private static List<String> replaceDay(ExportedDay day, ExportTable table, ShadowTable shadow) {
        var sql = table.database().dialect();
        String live = sql.table(day.export().table());
        String columns = table.names().stream().map(sql::quoted).collect(Collectors.joining(", "));
        return List.of(
                delete(table, live, day.ds()),
                "INSERT INTO " + live + " (" + columns + ") SELECT " + columns + " FROM " + sql.table(shadow.name()));
    }

    private void refuseTied(ExportedDay day, ExportTable table, boolean whole) {
        List<String> tied = whole && table.exists()
                ? SharingSql.of(table.database()).tied(day.export().table())
                : List.of();
        if (!tied.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "export " + day.export().id() + " has mode table, and on table "
                            + day.export().table()
                            + " hangs what another table in its place would not have: " + String.join(", ", tied)
                            + ". Drop that, or use mode partition.");
        }
    }

    /** Tried again when a long read holds the table: each try blocks readers for a moment only. */
    private void swap(ExportTable table, ShadowTable shadow, List<String> log) {
        Database database = table.database();
        String live = table.export().table();
        List<String> statements = new ArrayList<>(
                database.dialect().swap(live, table.exists() ? live : null, shadow.name(), shadow.old()));
        statements.addAll(log);
        SharingSql sharing = SharingSql.of(database);
        database.execute(sharing.lockTimeout(bounds.lockSeconds()));
        for (int i = 1; ; i++) {
            try {
                inTransaction(database, () -> statements.forEach(database::execute));
                return;
            } catch (GranaryException e) {
                if (!(e.getCause() instanceof SQLException sql) || !sharing.isLockTimeout(sql)) {
                    throw e;
                }
                if (i == bounds.swapTries()) {
                    throw held(table, e);
                }
                pause(Duration.ofSeconds(1));
            }
        }
    }

    private GranaryException held(ExportTable table, GranaryException cause) {
        return new GranaryException(
                ErrorCode.BUSY,
                "export " + table.export().id() + ": table " + table.export().table() + " of connection "
                        + table.database().address() + " was held by reads or transactions longer than "
                        + bounds.lockSeconds()
                        + " s in each of " + bounds.swapTries()
                        + " tries, so the new rows could not take its place. Readers still have what they had. See who"
                        + " holds it (SHOW PROCESSLIST, pg_stat_activity), then export again.",
                cause);
    }

    private static void inTransaction(Database database, Runnable work) {
        try {
            database.jdbc().setAutoCommit(false);
            try {
                work.run();
                database.jdbc().commit();
            } catch (RuntimeException | SQLException e) {
                rollBack(database, e);
                throw e;
            }
            database.jdbc().setAutoCommit(true);
        } catch (SQLException e) {
            throw database.failed("transaction", e);
        }
    }

    /** What failed is what people see, also when nothing can be rolled back since the connection is gone. */
    private static void rollBack(Database database, Exception failure) {
        try {
            database.jdbc().rollback();
            database.jdbc().setAutoCommit(true);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static void lock(Database database, ExportNode export) {
        SharingSql sharing = SharingSql.of(database);
        long name = SharingSql.lockName(database, export.table());
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!sharing.lock(name)) {
            if (System.nanoTime() > until) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        "export " + export.id() + ": another run has been writing table " + export.table()
                                + " of connection " + database.address() + " for longer than " + PATIENCE.toSeconds()
                                + " s. Run this one again when it has ended.");
            }
            pause(Duration.ofMillis(200));
        }
    }

    /** What cannot be dropped now, since somebody still reads it, is dropped by the next run. */
    private static void dropQuietly(Database database, String table) {
        try {
            ShadowTable.dropIfThere(database, table);
        } catch (GranaryException e) {
            LOG.warn("Table {} stays until the next export: {}", table, e.getMessage());
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted while waiting for a lock", e);
        }
    }
}
