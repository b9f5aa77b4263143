package io.granary.ingestion.sync.job;

/** The databases that DataX has plugins for. MariaDB's is MySQL's. */
public enum RdbmsKind {
    MYSQL,
    POSTGRESQL,
    ORACLE,
    SQLSERVER;

    /** Name of the reader, such as {@code mysqlreader}. */
    public String reader() {
        return word() + "reader";
    }

    /** Name of the writer, such as {@code mysqlwriter}. */
    public String writer() {
        return word() + "writer";
    }

    /** How a URL of this database starts, such as {@code jdbc:mysql:}. */
    public String urlPrefix() {
        return "jdbc:" + word() + ":";
    }

    boolean takes(String url) {
        return url.startsWith(urlPrefix()) || (this == MYSQL && url.startsWith("jdbc:mariadb:"));
    }

    /** The database of a profile's connection of that type. */
    public static RdbmsKind of(String connectionType) {
        return switch (connectionType) {
            case "mariadb", "mysql" -> MYSQL;
            default -> valueOf(connectionType.toUpperCase(java.util.Locale.ROOT));
        };
    }

    private String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
