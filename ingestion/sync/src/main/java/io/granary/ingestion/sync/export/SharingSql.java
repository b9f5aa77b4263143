package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.CRC32;

/** What databases of the sharing layer say differently, beyond their {@link io.granary.ingestion.sync.jdbc.Dialect}. */
interface SharingSql {
    static SharingSql of(Database database) {
        return switch (database.dialect().type()) {
            case MARIADB, MYSQL -> new MysqlSharing(database);
            case POSTGRESQL -> new PostgresSharing(database);
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "connection " + database.address() + " is of type "
                                + database.dialect().type()
                                + "; exports go to mariadb, mysql, postgresql, or to Redis");
        };
    }

    /** What follows the columns of a CREATE TABLE; with a blank in front. */
    String tableOptions();

    /** What follows the type of a text column, so that texts compare byte by byte; with a blank in front. */
    String textOptions();

    /** Statements that give a column its comment, or none where the column's definition has it. */
    String comment(String table, String column, String text);

    /** What follows a column's definition as its comment; with a blank in front. */
    String inlineComment(String text);

    /** Whether this session now has the named lock, which ends with the session. */
    boolean lock(long name);

    /** Statements that make an empty table with the columns, indexes and rights of another. */
    List<String> like(String table, String shadow);

    /** What hangs on a table and would be lost, or go on with the old one, when another takes its place. */
    List<String> tied(String table);

    /** Statement by which the session waits for locks of tables at most so many seconds. */
    String lockTimeout(int seconds);

    /** Whether a statement failed because it had waited so long. */
    boolean isLockTimeout(SQLException e);

    /** The lock of a table, the same for all who export into it. */
    static long lockName(Database database, String table) {
        CRC32 crc = new CRC32();
        crc.update((database.address().database() + "." + table).getBytes(StandardCharsets.UTF_8));
        return 0x6772616e00000000L | crc.getValue();
    }
}
