package io.granary.ingestion.sync.job;

import io.granary.ingestion.sync.jdbc.JdbcUrl;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in a job where DataX has a password: {@code ${connection:shop}}. When the job runs, it is resolved by the
 * profile's connection of that name, whose own password is a reference to a file or an environment variable. So a job
 * file, a log or a process list never holds a secret.
 */
public final class PasswordReference {
    private static final Pattern FORM = Pattern.compile("\\$\\{(connection|env|file):([^}]+)}");

    private static final Pattern SECRET =
            Pattern.compile("authorization|cookie|token|secret|password|api-?key", Pattern.CASE_INSENSITIVE);

    private PasswordReference() {}

    public static String to(Connection connection) {
        return "${connection:" + connection.name() + "}";
    }

    /** Refuses what is no reference; the message does not show it. */
    public static void check(String plugin, String password) {
        matcher(plugin, password);
    }

    /** Headers that carry secrets by their names must be references. */
    static void checkHeader(String plugin, String header, String value) {
        if (SECRET.matcher(header).find() && !value.contains("${env:") && !value.contains("${file:")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin + ": header '" + header
                            + "' must hold a reference such as ${env:TOKEN} or ${file:path}, never"
                            + " the secret itself");
        }
    }

    /**
     * The database a job names, with its password: that of the profile's connection, or of the reference.
     *
     * @throws GranaryException when the URL is refused, or the job names another user or server than the profile's connection:
     *     a password goes only to the server it belongs to
     */
    public static Connection resolve(String plugin, String password, String jdbcUrl, String username, Profile profile) {
        JdbcUrl url = JdbcUrl.parse(jdbcUrl);
        Matcher reference = matcher(plugin, password);
        if (!reference.group(1).equals("connection")) {
            return url.connection(plugin, username, profile.resolve(password), profile.drivers());
        }
        Connection connection = profile.connection(reference.group(2));
        if (!same(url, connection) || !connection.user().equals(username)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin + ": the job names " + username + " at " + url.host() + ":" + url.port() + "/"
                            + url.database() + ", connection '" + connection.name() + "' of the profile is "
                            + connection.user() + " at " + jobUrl(connection)
                            + ". Write the job again, or correct the profile.");
        }
        Map<String, String> properties = new HashMap<>(url.properties());
        properties.putAll(connection.properties()); // a job does not loosen what the profile asks for, such as sslMode
        return new Connection(
                connection.name(),
                connection.type(),
                connection.host(),
                connection.port(),
                connection.database(),
                connection.user(),
                connection.password(),
                properties,
                connection.drivers());
    }

    private static boolean same(JdbcUrl url, Connection connection) {
        return RdbmsKind.of(url.type().toString())
                        == RdbmsKind.of(connection.type().toString())
                && url.host().equalsIgnoreCase(connection.host())
                && url.port() == connection.port()
                && url.database().equals(connection.database());
    }

    private static Matcher matcher(String plugin, String password) {
        Matcher matcher = FORM.matcher(password == null ? "" : password);
        if (!matcher.matches()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin + ": key 'password' must be a reference: ${connection:shop} to a connection of the profile,"
                            + " ${env:NAME} or ${file:path}; never the password itself");
        }
        return matcher;
    }

    /** A connection's URL as a job writes it: in the form that an installed DataX's own driver reads too. */
    public static String jobUrl(Connection connection) {
        // DataX's driver is MySQL's own
        return connection.jdbcUrl().replaceFirst("^jdbc:mariadb:", "jdbc:mysql:");
    }
}
