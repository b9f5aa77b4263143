package io.granary.ingestion.sync.job;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in a job where DataX has a password: {@code ${connection:shop}}. When the job runs, it is resolved by the
 * profile's connection of that name, whose own password is a reference to a file or an environment variable. So a job
 * file, a log or a process list never holds a secret.
 */
public final class PasswordReference {
    private static final Pattern FORM = Pattern.compile("\\$\\{connection:([A-Za-z0-9_-]+)}");

    private PasswordReference() {}

    public static String to(Connection connection) {
        return "${connection:" + connection.name() + "}";
    }

    public static void check(String plugin, String password) {
        name(plugin, password);
    }

    /**
     * The profile's connection a job refers to.
     *
     * @throws GranaryException when the job names another user or server than the profile does: a password goes only to
     *     the server it belongs to
     */
    public static Connection resolve(String plugin, String password, String jdbcUrl, String username, Profile profile) {
        Connection connection = profile.connection(name(plugin, password));
        if (!jobUrl(connection).equals(jdbcUrl) || !connection.user().equals(username)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin + ": the job names " + username + " at " + jdbcUrl + ", connection '" + connection.name()
                            + "' of the profile is " + connection.user() + " at " + jobUrl(connection)
                            + ". Write the job again, or correct the profile.");
        }
        return connection;
    }

    private static String name(String plugin, String password) {
        Matcher matcher = FORM.matcher(password == null ? "" : password);
        if (!matcher.matches()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin + ": key 'password' must be a reference such as ${connection:shop} to a connection of the"
                            + " profile, never the password itself");
        }
        return matcher.group(1);
    }

    /** A connection's URL as a job writes it: in the form that an installed DataX's own driver reads too. */
    public static String jobUrl(Connection connection) {
        return "jdbc:mysql://" + connection.host() + ":" + connection.port() + "/" + connection.database();
    }
}
