package io.granary.warehouse.config;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A database by its fields; the password is resolved from its reference when the connection is asked for.
 *
 * @param name the name project files use, such as {@code shop}
 * @param host a name or an address; one host
 * @param database of Oracle the service
 * @param properties of the driver, checked against {@link DatabaseType#properties}
 * @param drivers folder with JDBC drivers that are not shipped, or null
 */
public record Connection(
        String name,
        DatabaseType type,
        String host,
        int port,
        String database,
        String user,
        String password,
        Map<String, String> properties,
        Path drivers) {
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+");
    private static final Pattern DATABASE = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_$.-]*");

    /** @throws GranaryException when a field could be read as something else in a URL, or a property may not be set */
    public Connection {
        properties = Map.copyOf(properties);
        refuse(HOST.matcher(host).matches(), name, "host", host, "one host name or address");
        refuse(port > 0 && port < 65_536, name, "port", Integer.toString(port), "a port from 1 to 65535");
        refuse(
                DATABASE.matcher(database).matches(),
                name,
                "database",
                database,
                "letters, digits, '_', '$', '.' and '-'");
        properties.forEach((property, value) -> type.check("connections." + name, property, value));
    }

    /** @param settings of the profile; {@code connections.<name>.} precedes this connection's keys */
    static Connection of(String name, Settings settings, String password, Path drivers) {
        String at = "connections." + name + ".";
        String typeName = settings.value(at + "type").orElse("mariadb");
        DatabaseType type = DatabaseType.find(typeName)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DEFINITION,
                        at + "type is '" + typeName + "'; types of databases: " + DatabaseType.known()));
        Map<String, String> properties = new TreeMap<>();
        for (String property : type.properties()) {
            settings.value(at + "properties." + property).ifPresent(value -> properties.put(property, value));
        }
        return new Connection(
                name,
                type,
                settings.required(at + "host"),
                settings.value(at + "port").map(port -> port(at, port)).orElse(type.defaultPort()),
                settings.required(at + "database"),
                settings.required(at + "user"),
                password,
                properties,
                drivers);
    }

    private static int port(String at, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new GranaryException(ErrorCode.DEFINITION, at + "port is '" + text + "', not a number", e);
        }
    }

    /** The JDBC URL, built from the fields only; it never holds the user, the password or a property. */
    public String jdbcUrl() {
        return type.url(host, port, database);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return name + " (" + user + "@" + host + ":" + port + "/" + database + ")";
    }

    private static void refuse(boolean right, String name, String field, String value, String wanted) {
        if (!right) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, "connections." + name + "." + field + " is '" + value + "'; it is " + wanted);
        }
    }
}
