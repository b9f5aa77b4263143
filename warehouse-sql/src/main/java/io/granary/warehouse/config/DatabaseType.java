package io.granary.warehouse.config;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The databases that are known, how their JDBC URL is written, and which properties of their driver a person may set. A
 * driver has many more: some read files, load classes, or send a password elsewhere. What is not listed is refused.
 */
public enum DatabaseType {
    MARIADB("jdbc:mariadb://%s:%d/%s", 3306, Mysql.PROPERTIES),
    /** Reached through MariaDB's driver, which speaks MySQL's protocol. */
    MYSQL("jdbc:mariadb://%s:%d/%s", 3306, Mysql.PROPERTIES),
    POSTGRESQL(
            "jdbc:postgresql://%s:%d/%s",
            5432, Set.of("sslmode", "sslrootcert", "connectTimeout", "socketTimeout", "tcpKeepAlive", "currentSchema")),
    /** {@code database} is the service name. The driver is the user's to add: see docs/data-transfer.md. */
    ORACLE(
            "jdbc:oracle:thin:@//%s:%d/%s",
            1521,
            Set.of(
                    "oracle.net.CONNECT_TIMEOUT",
                    "oracle.jdbc.ReadTimeout",
                    "oracle.net.encryption_client",
                    "oracle.net.encryption_types_client",
                    "oracle.net.crypto_checksum_client")),
    SQLSERVER(
            "jdbc:sqlserver://%s:%d;databaseName=%s",
            1433,
            Set.of(
                    "encrypt",
                    "trustServerCertificate",
                    "hostNameInCertificate",
                    "loginTimeout",
                    "socketTimeout",
                    "applicationIntent",
                    "multiSubnetFailover"));

    private final String url;
    private final int port;
    private final Set<String> properties;

    DatabaseType(String url, int port, Set<String> properties) {
        this.url = url;
        this.port = port;
        this.properties = properties;
    }

    public static Optional<DatabaseType> find(String text) {
        return Arrays.stream(values()).filter(t -> t.toString().equals(text)).findFirst();
    }

    /** Names of all types, as a profile writes them. */
    public static String known() {
        return Arrays.stream(values()).map(DatabaseType::toString).collect(Collectors.joining(", "));
    }

    public int defaultPort() {
        return port;
    }

    /** Names of the driver's properties that a profile or a job may set. */
    public Set<String> properties() {
        return properties;
    }

    /**
     * That a property may be set, and to this.
     *
     * @param where what the message begins with, such as {@code connections.shop}
     */
    public void check(String where, String property, String value) {
        if (!properties.contains(property)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    where + ": property '" + property + "' of the " + this + " driver may not be set; allowed: "
                            + new TreeSet<>(properties));
        }
        if (value.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, where + ": property '" + property + "' is empty or has control characters");
        }
    }

    String url(String host, int hostPort, String database) {
        return url.formatted(host.contains(":") ? "[" + host + "]" : host, hostPort, database);
    }

    /** As a profile writes it: {@code postgresql}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static final class Mysql {
        static final Set<String> PROPERTIES = Set.of(
                "sslMode",
                "serverSslCert",
                "serverRsaPublicKeyFile",
                "connectTimeout",
                "socketTimeout",
                "tcpKeepAlive",
                "useCompression");
    }
}
