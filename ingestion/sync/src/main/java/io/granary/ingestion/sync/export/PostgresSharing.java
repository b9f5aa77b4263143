package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.jdbc.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL. Rights belong to a table, not to its name, so they are given to the one that takes its place. */
record PostgresSharing(Database database) implements SharingSql {
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    @Override
    public String tableOptions() {
        return "";
    }

    @Override
    public String textOptions() {
        return " COLLATE \"C\"";
    }

    @Override
    public String comment(String table, String column, String text) {
        return "COMMENT ON COLUMN " + database.dialect().table(table) + "."
                + database.dialect().quoted(column) + " IS "
                + database.dialect().literal(text);
    }

    @Override
    public String inlineComment(String text) {
        return "";
    }

    @Override
    public boolean lock(long name) {
        return database.number("SELECT pg_try_advisory_lock(" + name + ")::int") == 1;
    }

    @Override
    public List<String> like(String table, String shadow) {
        String of = database.dialect().table(shadow);
        List<String> statements = new ArrayList<>();
        statements.add("CREATE TABLE " + of + " (LIKE " + database.dialect().table(table) + " INCLUDING ALL)");
        String grantee = "CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END";
        String option = "CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END";
        statements.addAll(database.rows(
                "SELECT a.privilege_type, " + grantee + ", " + option
                        + " FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = " + oid(table),
                row -> "GRANT " + row.getString(1) + " ON " + of + " TO " + row.getString(2) + row.getString(3)));
        statements.addAll(database.rows(
                "SELECT a.privilege_type, " + grantee + ", " + option + ", quote_ident(t.attname)"
                        + " FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = " + oid(table)
                        + " AND NOT t.attisdropped",
                row -> "GRANT " + row.getString(1) + " (" + row.getString(4) + ") ON " + of + " TO " + row.getString(2)
                        + row.getString(3)));
        return statements;
    }

    @Override
    public List<String> tied(String table) {
        String oid = oid(table);
        return database.rows(
                "SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgrelid = " + oid + " AND NOT tgisinternal"
                        + " UNION ALL SELECT 'foreign key ' || conname || ' of ' || conrelid::regclass"
                        + " FROM pg_constraint WHERE contype = 'f' AND (conrelid = " + oid + " OR confrelid = " + oid
                        + ") UNION ALL SELECT DISTINCT 'view ' || r.ev_class::regclass FROM pg_depend d"
                        + " JOIN pg_rewrite r ON r.oid = d.objid WHERE d.classid = 'pg_rewrite'::regclass"
                        + " AND d.refclassid = 'pg_class'::regclass AND d.refobjid = " + oid + " AND r.ev_class <> "
                        + oid + " UNION ALL SELECT 'policy ' || polname FROM pg_policy WHERE polrelid = " + oid
                        + " UNION ALL SELECT 'inheritance of ' || inhrelid::regclass FROM pg_inherits WHERE inhrelid = "
                        + oid + " OR inhparent = " + oid,
                row -> row.getString(1));
    }

    private String oid(String table) {
        return database.dialect().literal(database.dialect().table(table)) + "::regclass";
    }

    @Override
    public String lockTimeout(int seconds) {
        return "SET lock_timeout = '" + seconds + "s'";
    }

    @Override
    public boolean isLockTimeout(SQLException e) {
        return LOCK_NOT_AVAILABLE.equals(e.getSQLState());
    }
}
