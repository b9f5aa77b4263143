package io.granary.ingestion.flume.poll;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Opens sessions; the password is looked up for each of them, and kept nowhere. */
record Login(Connection database) {

    static boolean isKnown(DatabaseType type) {
        return type == DatabaseType.MARIADB || type == DatabaseType.MYSQL || type == DatabaseType.POSTGRESQL;
    }

    DatabaseKind kind() {
        return database.type() == DatabaseType.POSTGRESQL ? DatabaseKind.POSTGRESQL : DatabaseKind.MYSQL;
    }

    /** @throws IOException when the password's reference has no value */
    java.sql.Connection open() throws SQLException, IOException {
        Properties driver = new Properties();
        driver.putAll(database.properties());
        kind().settle(driver);
        driver.setProperty("user", database.user());
        driver.setProperty("password", secret(database.password()));
        java.sql.Connection connection = DriverManager.getConnection(database.jdbcUrl(), driver);
        try {
            kind().begin(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static String secret(String reference) throws IOException {
        if (reference.isEmpty()) {
            return "";
        }
        int colon = reference.indexOf(':');
        String kind = reference.substring(0, Math.max(0, colon));
        String name = reference.substring(colon + 1);
        if (kind.equals("env")) {
            String value = System.getenv(name);
            if (value == null) {
                throw new IOException("poll.password refers to environment variable " + name + ", which is not set");
            }
            return value;
        }
        if (kind.equals("file")) {
            return Files.readString(Path.of(name)).strip();
        }
        throw new IOException("poll.password must be env:NAME or file:/path; a password itself is not taken");
    }
}
