package io.granary.ingestion.sync.jdbc;

import java.sql.SQLException;

/** Tells a connection that is gone from a statement that the database refused. */
final class LostConnection {
    /** SQL's class 08, and PostgreSQL's shutdown, crash and start. */
    private static final String STATES = "08...|57P0.";

    /** MariaDB's error number of a session that was ended. */
    private static final int KILLED = 1927;

    private LostConnection() {}

    /** What to do when the connection is gone, to follow a message; else empty. */
    static String advice(SQLException e) {
        return is(e)
                ? ". The connection is lost: the database ended or started anew, or the way to it was cut. See that it is"
                        + " up (`granary status`), then run this again."
                : "";
    }

    private static boolean is(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && (sql.getSQLState().matches(STATES) || sql.getErrorCode() == KILLED)) {
                return true;
            }
        }
        return false;
    }
}
