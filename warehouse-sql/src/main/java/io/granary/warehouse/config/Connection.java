package io.granary.warehouse.config;

/**
 * A database by its fields; the password is resolved from its reference when the connection is asked for.
 *
 * @param name the name project files use, such as {@code shop}
 * @param type {@code mariadb}
 */
public record Connection(
        String name, String type, String host, int port, String database, String user, String password) {

    /** The JDBC URL, built from the fields only; it never holds the user or the password. */
    public String jdbcUrl() {
        return "jdbc:mariadb://" + host + ":" + port + "/" + database;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return name + " (" + user + "@" + host + ":" + port + "/" + database + ")";
    }
}
