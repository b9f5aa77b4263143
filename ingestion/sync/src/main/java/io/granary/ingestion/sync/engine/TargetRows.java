package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.SourceType;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.row.ReadRows;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowSums.ColumnSum;
import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.orc.TypeDescription;
import org.apache.orc.TypeDescription.Category;

/**
 * The rows of a job in the table they went to, as its database counts them and adds them up: in the transactions that wrote
 * them, before anybody else sees them.
 *
 * @param columns those that the job writes, in its order
 * @param condition SQL that the job's rows meet, and no others of the table; null where the table has no others
 */
public record TargetRows(String table, List<DatabaseColumn> columns, String condition) {
    private static final Set<DatabaseType> ADDS_UP =
            Set.of(DatabaseType.MARIADB, DatabaseType.MYSQL, DatabaseType.POSTGRESQL);
    /** Types that keep a text as it is; others pad it, or write it in their own way. */
    private static final Set<String> TEXTS =
            Set.of("varchar", "character varying", "tinytext", "text", "mediumtext", "longtext");

    private static final Set<Category> EXACT =
            Set.of(Category.BYTE, Category.SHORT, Category.INT, Category.LONG, Category.DECIMAL);

    public TargetRows {
        columns = List.copyOf(columns);
    }

    /**
     * The job's rows, told from others in every session that writes them. Each session looks at the table now, so that its view
     * is the one before the job's rows.
     *
     * @param columns those that the job writes, in its order
     * @return empty where they cannot be told from rows that are there already
     * @throws GranaryException when the job says by what they can be told, and such rows are there
     */
    static Optional<TargetRows> of(RdbmsWriter to, List<DatabaseColumn> columns, List<Database> sessions) {
        if (!canBeTold(to, sessions.get(0))) {
            return Optional.empty();
        }
        TargetRows rows = new TargetRows(to.table(), columns, to.rowsWhere());
        boolean none = sessions.stream().map(rows::none).reduce(true, Boolean::logicalAnd);
        if (!none && to.rowsWhere() != null) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    to.plugin() + ": rowsWhere is \"" + to.rowsWhere() + "\", but table " + to.table()
                            + " has such rows before the job's first. Let preSql delete them, or leave rowsWhere out.");
        }
        return none ? Optional.of(rows) : Optional.empty();
    }

    /** Whether rows of the job can be added up: each is a row of its own, in a database that tells its sums exactly. */
    static boolean canBeTold(RdbmsWriter to, Database database) {
        return to.writeMode().equals("insert")
                && ADDS_UP.contains(database.address().type());
    }

    /** Whether there are none yet, in the session's view. */
    private boolean none(Database session) {
        return session.value("SELECT 1" + session.from(table, condition) + " LIMIT 1") == null;
    }

    /** What the session sees of them. */
    public RowSums sums(Database session) {
        return session.sums(table, columns, condition);
    }

    /**
     * Compares.
     *
     * @param there what all sessions of the job have written
     * @throws GranaryException naming the column and both numbers where they differ
     */
    public void compare(ReadRows read, RowSums there) {
        if (read.rows() != there.rows()) {
            throw different("rows", read.rows(), there.rows());
        }
        if (read.sums().isEmpty() || read.sums().get().columns().size() != columns.size()) {
            return;
        }
        for (int i = 0; i < columns.size(); i++) {
            ColumnSum from = read.sums().get().columns().get(i);
            DatabaseColumn column = columns.get(i);
            // in place of NULL such a column has what the database makes, such as the next number
            boolean defaults = !column.nullable() && from.present() < read.rows();
            if (from.present() >= 0 && !defaults) {
                compare(
                        column,
                        read.schema().getChildren().get(i),
                        from,
                        there.columns().get(i));
            }
        }
    }

    private void compare(DatabaseColumn column, TypeDescription type, ColumnSum from, ColumnSum there) {
        if (from.present() != there.present()) {
            throw different(
                    "values of column " + column.name() + " that are not NULL", from.present(), there.present());
        }
        boolean known = from.present() > 0 && from.sum() != null && there.sum() != null;
        if (known && keepsSum(type.getCategory(), column) && from.sum().compareTo(there.sum()) != 0) {
            throw different("the sum of column " + column.name(), from.sum(), there.sum());
        }
    }

    /** Whether the values add up to the same on both sides: exact numbers, and the bytes of texts and binaries. */
    private static boolean keepsSum(Category rows, DatabaseColumn column) {
        String type = SourceType.parse(column.sourceType()).base();
        return switch (rows) {
            case STRING, VARCHAR ->
                TEXTS.stream().anyMatch(text -> type.equals(text) || type.startsWith(text + " character set"));
            case BINARY -> column.hiveType().equals("binary") && !type.equals("binary");
            default ->
                EXACT.contains(rows)
                        && EXACT.contains(
                                TypeDescription.fromString(column.hiveType()).getCategory());
        };
    }

    private GranaryException different(String what, Object read, Object there) {
        return new GranaryException(
                ErrorCode.DATA,
                "table " + table + ": " + what + ": " + read + " as it was read, " + there
                        + " in the table. Nothing of the job is committed. Does a trigger of the table change rows, or does"
                        + " a column have fewer digits than the values?");
    }
}
