package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.jdbc.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** MariaDB and MySQL: InnoDB tables. Rights belong to a table's name, so a renamed table has them. */
record MysqlSharing(Database database) implements SharingSql {
    private static final int LOCK_WAIT_TIMEOUT = 1205;

    @Override
    public String tableOptions() {
        return " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE="
                + (isMariaDb() ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin");
    }

    /** A connection of type mysql may lead to a MariaDB. */
    private boolean isMariaDb() {
        return database.value("SELECT version()").contains("MariaDB");
    }

    @Override
    public String textOptions() {
        return "";
    }

    @Override
    public String comment(String table, String column, String text) {
        return "";
    }

    @Override
    public String inlineComment(String text) {
        return " COMMENT " + database.dialect().literal(text);
    }

    @Override
    public boolean lock(long name) {
        return database.number("SELECT coalesce(GET_LOCK('granary." + Long.toHexString(name) + "', 0), 0)") == 1;
    }

    @Override
    public List<String> like(String table, String shadow) {
        return List.of("CREATE TABLE " + database.dialect().table(shadow) + " LIKE "
                + database.dialect().table(table));
    }

    @Override
    public List<String> tied(String table) {
        String name = database.dialect().literal(table);
        List<String> tied = new ArrayList<>(database.rows(
                "SELECT trigger_name FROM information_schema.triggers WHERE event_object_schema = DATABASE()"
                        + " AND event_object_table = " + name,
                row -> "trigger " + row.getString(1)));
        tied.addAll(database.rows(
                "SELECT DISTINCT constraint_name, table_name FROM information_schema.key_column_usage"
                        + " WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL AND (table_name = "
                        + name + " OR referenced_table_name = " + name + ")",
                row -> "foreign key " + row.getString(1) + " of " + row.getString(2)));
        return tied;
    }

    @Override
    public String lockTimeout(int seconds) {
        return "SET SESSION lock_wait_timeout = " + seconds;
    }

    @Override
    public boolean isLockTimeout(SQLException e) {
        return e.getErrorCode() == LOCK_WAIT_TIMEOUT;
    }
}
