package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDBC URL that a person wrote, taken apart into the fields of a {@link Connection}. A driver never sees the text: its own
 * URL is built from the fields. What a driver would do more than connect to one named server (load a class, read a file,
 * look up a name, try several hosts, take a password from the URL) has no field and is refused.
 */
public record JdbcUrl(DatabaseType type, String host, int port, String database, Map<String, String> properties) {
    private static final String HOST = "([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(\\d{1,5}))?";
    private static final String NAME = "([\\p{L}\\p{N}_][\\p{L}\\p{N}_$.-]*)";
    private static final Pattern QUERY =
            Pattern.compile("jdbc:(mysql|mariadb|postgresql)://" + HOST + "/" + NAME + "(?:\\?(.*))?");
    private static final Pattern ORACLE = Pattern.compile("jdbc:(oracle):thin:@(?://)?" + HOST + "/" + NAME);
    private static final Pattern SQLSERVER = Pattern.compile("jdbc:(sqlserver)://" + HOST + "((?:;[^;]*)*)");
    private static final Pattern PROPERTY = Pattern.compile("([A-Za-z][A-Za-z0-9_.]*)=([A-Za-z0-9_.:/+-]+)");

    public JdbcUrl {
        properties = Map.copyOf(properties);
    }

    /**
     * Takes a URL apart.
     *
     * @throws GranaryException saying what is refused; it shows no password that the URL may hold
     */
    public static JdbcUrl parse(String text) {
        Matcher query = QUERY.matcher(text);
        if (query.matches()) {
            DatabaseType type = DatabaseType.find(query.group(1)).orElseThrow();
            String properties = query.group(5) == null ? "" : query.group(5);
            return of(text, type, query, query.group(4), properties(text, type, properties, "&"));
        }
        Matcher oracle = ORACLE.matcher(text);
        if (oracle.matches()) {
            return of(text, DatabaseType.ORACLE, oracle, oracle.group(4), Map.of());
        }
        Matcher sqlserver = SQLSERVER.matcher(text);
        if (sqlserver.matches()) {
            return sqlserver(text, sqlserver);
        }
        throw refused(text, reason(text));
    }

    /** The connection, for the user and the password that stand beside the URL. */
    public Connection connection(String name, String user, String password, Path drivers) {
        return new Connection(name, type, host, port, database, user, password, properties, drivers);
    }

    private static JdbcUrl sqlserver(String text, Matcher matcher) {
        StringBuilder rest = new StringBuilder();
        String database = null;
        for (String part : matcher.group(4).split(";")) {
            String name = part.replaceAll("=.*", "").toLowerCase(Locale.ROOT);
            if (name.equals("databasename") || name.equals("database")) {
                if (database != null || !part.matches("\\w+=" + NAME)) {
                    throw refused(
                            text, "it names the database twice, or not by letters, digits, '_', '$', '.' and '-'");
                }
                database = part.substring(part.indexOf('=') + 1);
            } else if (!part.isEmpty()) {
                rest.append(rest.isEmpty() ? "" : ";").append(part);
            }
        }
        if (database == null) {
            throw refused(text, "it names no database: add ;databaseName=…");
        }
        return of(
                text,
                DatabaseType.SQLSERVER,
                matcher,
                database,
                properties(text, DatabaseType.SQLSERVER, rest.toString(), ";"));
    }

    private static JdbcUrl of(
            String text, DatabaseType type, Matcher matcher, String database, Map<String, String> properties) {
        String host = matcher.group(2).replaceAll("[\\[\\]]", "");
        int port = matcher.group(3) == null ? type.defaultPort() : Integer.parseInt(matcher.group(3));
        if (port < 1 || port > 65_535) {
            throw refused(text, "its port is no port");
        }
        return new JdbcUrl(type, host, port, database, properties);
    }

    private static Map<String, String> properties(String text, DatabaseType type, String all, String separator) {
        Map<String, String> properties = new TreeMap<>();
        if (all.isEmpty()) {
            return properties;
        }
        for (String part : all.split(separator, -1)) {
            Matcher property = PROPERTY.matcher(part);
            if (!property.matches()) {
                throw refused(
                        text,
                        "a property is not written name=value in letters, digits and '_.:/+-' (percent signs, braces and"
                                + " quotes are refused)");
            }
            UrlProperty found = UrlProperty.of(type, property.group(1), property.group(2));
            if (found.refusal() != null) {
                throw refused(text, "property '" + property.group(1) + "' " + found.refusal());
            }
            if (found.name() != null && properties.put(found.name(), found.value()) != null) {
                throw refused(text, "property '" + found.name() + "' is set twice");
            }
        }
        return properties;
    }

    private static String reason(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("jdbc:oracle:")) {
            return "of Oracle's URLs only jdbc:oracle:thin:@//host:port/service is read: no SID, no descriptor, no LDAP or"
                    + " TNS name, no user and password, no properties";
        }
        if (DatabaseType.find(text.replaceAll("^jdbc:([a-z]*)[:;/].*", "$1")).isEmpty()) {
            return "its kind is unknown; known: " + DatabaseType.known();
        }
        String authority = text.replaceAll("[?;].*", "");
        if (authority.contains("@")) {
            return "a user or a password in the URL; they have keys of their own: username, password";
        }
        if (authority.contains(",") || authority.contains("(")) {
            return "it names several hosts or a description of them; name one";
        }
        return "it is not written " + "jdbc:kind://host:port/database, with one host and plain names";
    }

    /** Without what may hold a secret. */
    private static GranaryException refused(String text, String reason) {
        String shown = text.replaceAll("[?;].*", "").replaceAll("\\p{Cntrl}", " ");
        int at = shown.lastIndexOf('@');
        if (at > 0 && !shown.substring(0, at).endsWith("thin:")) {
            shown = shown.substring(0, Math.min(5, at)) + "***" + shown.substring(at);
        }
        return new GranaryException(
                ErrorCode.DEFINITION,
                "jdbcUrl '" + shown.substring(0, Math.min(shown.length(), 120)) + "' is refused: " + reason);
    }
}
