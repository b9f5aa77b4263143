package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.DatabaseType;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What becomes of a property in a URL that a person wrote.
 *
 * @param name of the driver's property that is set, or null when there is nothing to set: every session is so already
 * @param refusal why it is refused, or null
 */
record UrlProperty(String name, String value, String refusal) {
    private static final String UTF8 = "(?i)utf-?8|utf8mb4";
    private static final Pattern CREDENTIAL = Pattern.compile(
            "(?i)user|username|password\\d*|passwd|.*secret.*|.*token.*|.*password|.*credential.*|pwd|uid");

    /** What Granary's sessions are anyway, so that job files that say it can be read as they are. */
    private static final Map<String, String> MYSQL = Map.of(
            "useUnicode", "true",
            "characterEncoding", UTF8,
            "characterSetResults", UTF8,
            "connectionCollation", "(?i)utf8mb4_.*",
            "serverTimezone", "UTC|GMT",
            "tinyInt1isBit", "false",
            "yearIsDateType", "false",
            "rewriteBatchedStatements", "true|false",
            "useCursorFetch", "true|false",
            "autoReconnect", "false");

    private static final Map<String, String> POSTGRESQL = Map.of(
            "charSet", UTF8,
            "stringtype", "unspecified",
            "reWriteBatchedInserts", "true|false",
            "ApplicationName", ".*");

    private static final Map<String, String> SQLSERVER =
            Map.of("integratedSecurity", "false", "sendStringParametersAsUnicode", "true", "applicationName", ".*");

    static UrlProperty of(DatabaseType type, String name, String value) {
        boolean mysql = type == DatabaseType.MYSQL || type == DatabaseType.MARIADB;
        if (type.properties().contains(name)) {
            return new UrlProperty(name, value, null);
        }
        if (mysql && name.equals("useSSL") && value.matches("true|false")) {
            return new UrlProperty("sslMode", value.equals("true") ? "trust" : "disable", null);
        }
        if (mysql && name.equals("zeroDateTimeBehavior")) {
            return refusal("is refused: what becomes of zero dates is a rule of the source (zero_dates: fail | null)");
        }
        if (CREDENTIAL.matcher(name).matches()) {
            return refusal("is refused: user and password have keys of their own, and a password is a reference");
        }
        Map<String, String> anyway = mysql ? MYSQL : type == DatabaseType.POSTGRESQL ? POSTGRESQL : SQLSERVER;
        if (!anyway.containsKey(name)) {
            return refusal("may not be set; allowed: " + new TreeSet<>(type.properties()));
        }
        return value.matches(anyway.get(name))
                ? new UrlProperty(null, null, null)
                : refusal("is '" + value + "', but every session has "
                        + anyway.get(name).replace("(?i)", ""));
    }

    private static UrlProperty refusal(String reason) {
        return new UrlProperty(null, null, reason);
    }
}
