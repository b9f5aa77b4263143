package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.orc.TypeDescription;

/** How one kind of database says what all of them can do. */
public interface Dialect {
    static Dialect of(DatabaseType type) {
        return switch (type) {
            case MARIADB, MYSQL -> new MysqlDialect(type);
            case POSTGRESQL -> new PostgresDialect();
            case ORACLE -> new OracleDialect();
            case SQLSERVER -> new SqlServerDialect();
        };
    }

    DatabaseType type();

    /** A name as SQL writes it, whatever is in it. */
    String quoted(String name);

    /** A text as a SQL literal. */
    default String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A day as a SQL literal. */
    default String literal(LocalDate day) {
        return literal(day.toString());
    }

    /** A table by its name or by {@code schema.name}, quoted. */
    default String table(String name) {
        return Arrays.stream(name.split("\\.")).map(this::quoted).collect(Collectors.joining("."));
    }

    /** What the driver is told: user, password, what keeps values exact, and the connection's own properties. */
    Properties properties(Connection connection);

    /** Statements that make a new session ready: in UTC, and strict: what does not fit a column is an error, never cut. */
    List<String> session();

    /** The statements that begin a read-only transaction which sees the database as it is now, until its end. */
    List<String> beginSnapshot();

    /** Whether {@link #beginSnapshot} keeps one view of these tables. */
    default boolean consistent(Database database, List<String> tables) {
        return true;
    }

    /** The query, in a snapshot, whose value lets other sessions join it; empty where the database has none. */
    default Optional<String> exportSnapshot() {
        return Optional.empty();
    }

    /** Like {@link #beginSnapshot}, but the view of a session that exported it. */
    default List<String> joinSnapshot(String exported) {
        throw new UnsupportedOperationException(type() + " exports no snapshot");
    }

    /** Rows the driver shall hold at a time while a result streams through. */
    default int fetchRows() {
        return 1000;
    }

    /** The same for the rows of a table, which may be so large that it must hold fewer. */
    default int fetchRows(Database database, String table) {
        return fetchRows();
    }

    /** Whether a result streams only in a transaction. */
    default boolean streamsInTransactionOnly() {
        return false;
    }

    /** Tables and views of the session's database or schema, with a column TABLE_NAME. */
    default ResultSet tables(java.sql.Connection jdbc) throws SQLException {
        return jdbc.getMetaData().getTables(jdbc.getCatalog(), jdbc.getSchema(), "%", new String[] {"TABLE", "VIEW"});
    }

    /** The columns of a table or view in their order; empty when there is no such table. */
    default List<DatabaseColumn> columns(Database database, String table) {
        return MetadataColumns.of(database, table);
    }

    /** The type of a result's column, in the words of {@link #columns}. */
    default SourceType sourceType(ResultSetMetaData metadata, int column) throws SQLException {
        return MetadataColumns.type(metadata, column);
    }

    /**
     * The Hive type that holds every value of a type.
     *
     * @param column named in messages
     * @throws io.granary.warehouse.error.GranaryException saying what to do, when there is none
     */
    String hiveType(String column, SourceType type);

    /** How a column is selected so that no digit is lost on the way. */
    default String selected(DatabaseColumn column) {
        return quoted(column.name());
    }

    /**
     * How a column of a result is read into a vector.
     *
     * @param target type of the vector
     */
    default CellReader reader(SourceType source, TypeDescription target, ZeroDates zeroDates) {
        return JdbcReaders.of(target);
    }

    /**
     * The type of a column that holds every value of a Hive type.
     *
     * @param characters most characters of a text, as far as the database must know (a key); 0 for any length
     */
    default String columnType(String column, String hiveType, int characters) {
        throw new GranaryException(
                ErrorCode.DEFINITION, "Granary makes no tables in " + type() + "; make the table, then write into it");
    }

    /** Whether a date or time is bound as text; else as an object of java.time. */
    default boolean datesAsText() {
        return true;
    }

    /** Whether its columns of doubles hold infinities and what is no number. */
    default boolean holdsInfinity() {
        return false;
    }

    /**
     * INSERT with a parameter for each column.
     *
     * @param key columns that name a row, for {@link WriteMode#UPDATE}
     * @throws GranaryException when the database has no such mode
     */
    default String insert(String table, List<String> columns, WriteMode mode, List<String> key) {
        if (mode != WriteMode.INSERT) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "table " + table + ": writeMode " + mode.name().toLowerCase(Locale.ROOT) + " is not there for "
                            + type() + "; use insert");
        }
        return "INSERT INTO " + table(table) + Insert.columnsAndValues(this, columns);
    }

    /**
     * Statements that put one table in another's place, for readers at one moment. They run in one transaction.
     *
     * @param table name that is read
     * @param live the table that has this name, or null when there is none yet
     * @param old name that {@code live} gets; no table has it
     */
    default List<String> swap(String table, String live, String shadow, String old) {
        throw new GranaryException(ErrorCode.DEFINITION, "Granary exchanges no tables in " + type());
    }

    /** What an integer or decimal column adds to its sum. */
    default String summed(DatabaseColumn column) {
        return quoted(column.name());
    }

    /**
     * Length in UTF-8 bytes of what {@link #reader} makes of a text or binary column, NULL for NULL; null when the database
     * cannot say it.
     */
    default String length(DatabaseColumn column) {
        return null;
    }

    /**
     * One value over all rows and these columns: when a row changes, it changes. NULL is not ''. Null when the database
     * cannot say it.
     */
    default String fingerprint(List<DatabaseColumn> columns) {
        return null;
    }

    /** How many rows the database's own plan expects, without counting them; -1 when it does not say. */
    default long estimate(Database database, String select) {
        return -1;
    }
}
