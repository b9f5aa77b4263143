package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.row.ReadRows;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A table beside the target of a job, for an engine whose sessions cannot write in one transaction: they fill it, and the
 * database moves its rows into the target in one. Dropped at the end, whatever that is.
 */
public final class WorkTable implements AutoCloseable {
    private final Database database;
    private final RdbmsWriter to;
    private final String name;

    private WorkTable(Database database, RdbmsWriter to, String name) {
        this.database = database;
        this.to = to;
        this.name = name;
    }

    /** @param definition what follows {@code CREATE TABLE name} */
    public static WorkTable create(Database database, RdbmsWriter to, String definition) {
        String name = "granary_work_" + UUID.randomUUID().toString().replace("-", "");
        database.execute("CREATE TABLE " + database.dialect().table(name) + " " + definition);
        return new WorkTable(database, to, name);
    }

    public String name() {
        return name;
    }

    /**
     * Moves the rows: {@code preSql}, the insert and {@code postSql}, all in one transaction.
     *
     * @param read the rows that were sent here
     * @param columns of the target that they go to, in their order
     * @param insert up to the work table's name: {@code INSERT INTO … SELECT …}
     * @throws io.granary.warehouse.error.GranaryException when other rows are here than were sent, or the target makes others of them; then nothing is
     *     changed
     */
    public void move(ReadRows read, List<DatabaseColumn> columns, String insert) {
        TargetRows here = new TargetRows(name, database.columns(name), null);
        here.compare(read, here.sums(database));
        String table = database.dialect().table(to.table());
        try {
            to.session().forEach(database::execute);
            database.jdbc().setAutoCommit(false);
            to.preSql().forEach(sql -> database.execute(sql.replace("@table", table)));
            Optional<TargetRows> target = TargetRows.of(to, columns, List.of(database));
            database.execute(insert + database.from(name, null));
            target.ifPresent(rows -> rows.compare(read, rows.sums(database)));
            to.postSql().forEach(sql -> database.execute(sql.replace("@table", table)));
            database.jdbc().commit();
            database.jdbc().setAutoCommit(true);
        } catch (SQLException e) {
            throw database.failed("transaction on " + to.table(), e);
        }
    }

    @Override
    public void close() {
        try {
            if (!database.jdbc().getAutoCommit()) {
                database.jdbc().rollback();
                database.jdbc().setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw database.failed("rollback", e);
        }
        database.execute("DROP TABLE IF EXISTS " + database.dialect().table(name));
    }
}
