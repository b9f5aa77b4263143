package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;

/** What a DataX plugin asks of its keys; the messages name plugin and key. */
public final class Required {
    private Required() {}

    public static String text(String plugin, String key, String value) {
        if (value == null || value.isBlank()) {
            throw new GranaryException(ErrorCode.DEFINITION, plugin + ": key '" + key + "' is missing");
        }
        return value;
    }

    public static <T> List<T> list(String plugin, String key, List<T> values) {
        if (values == null || values.isEmpty()) {
            throw new GranaryException(ErrorCode.DEFINITION, plugin + ": key '" + key + "' is missing or empty");
        }
        return List.copyOf(values);
    }

    /** Columns of files: empty means all, which a job says with {@code ["*"]}. */
    static List<ReaderColumn> columns(String plugin, List<ReaderColumn> values) {
        if (values == null) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, plugin + ": key 'column' is missing; all columns are [\"*\"]");
        }
        return List.copyOf(values);
    }

    public static <T> List<T> one(String plugin, String key, List<T> values) {
        if (list(plugin, key, values).size() != 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin + ": key '" + key + "' has " + values.size() + " entries; exactly one is supported");
        }
        return List.copyOf(values);
    }

    public static void oneOf(String plugin, String key, String value, String... known) {
        text(plugin, key, value);
        if (!List.of(known).contains(value)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin + ": " + key + " is '" + value + "'; supported: " + String.join(", ", known));
        }
    }

    static void absent(String plugin, String key, Object value, String why) {
        if (value != null) {
            throw new GranaryException(ErrorCode.DEFINITION, plugin + ": key '" + key + "' cannot be here: " + why);
        }
    }

    static void positive(String plugin, String key, Integer value) {
        if (value != null && value < 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, plugin + ": " + key + " is " + value + "; it is at least 1");
        }
    }

    static void character(String plugin, String key, String value) {
        if (value != null && value.length() != 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, plugin + ": " + key + " is '" + value + "'; it is one character");
        }
    }

    static String charset(String plugin, String encoding) {
        String name = encoding == null ? "UTF-8" : encoding;
        try {
            return Charset.forName(name).name();
        } catch (IllegalArgumentException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin + ": encoding is '" + encoding + "', which Java does not know; such as UTF-8, GBK",
                    e);
        }
    }

    static void url(String plugin, String url, RdbmsKind kind) {
        text(plugin, "connection.jdbcUrl", url);
        if (!kind.takes(url)) {
            // the URL is not shown: it may hold a password
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin + ": connection.jdbcUrl does not start with '" + kind.urlPrefix() + "'");
        }
    }

    static String lower(String value) {
        return value == null ? null : value.toLowerCase(Locale.ROOT);
    }

    static String blankIsNull(String value) {
        return value == null || value.isBlank() ? null : value;
    }
}
