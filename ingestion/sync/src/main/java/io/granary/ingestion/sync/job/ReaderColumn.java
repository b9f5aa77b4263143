package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A column of a file by its position, or by its name in JSON, or a constant. The position may lie behind an ORC file's last
 * column: the file is older than the column, and its rows have NULL there.
 *
 * @param index position from 0, or null
 * @param name key in a JSON object ({@code httpreader} only), or null
 * @param type one of DataX's types {@code long, double, string, boolean, date, bytes}, or a Hive type such as
 *     {@code decimal(12,2)}; an ORC file's own type is what is read
 * @param value constant, or null; {@code ""} is the empty text
 * @param format of a date, such as {@code yyyy.MM.dd}; null: ISO 8601 as Hive writes it
 */
public record ReaderColumn(Integer index, String name, String type, String value, String format) {
    private static final Set<String> DATAX = Set.of("long", "double", "string", "boolean", "date", "bytes");
    private static final Pattern HIVE = Pattern.compile(
            "tinyint|smallint|int|bigint|float|timestamp|binary|decimal\\(\\d+,\\d+\\)|(var)?char\\(\\d+\\)");

    public ReaderColumn {
        type = Required.lower(Required.text("reader", "column.type", type)).replace(" ", "");
        if (!DATAX.contains(type) && !HIVE.matcher(type).matches()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "column.type is '" + type
                            + "'; supported: long, double, string, boolean, date, bytes, and Hive's types such as int,"
                            + " timestamp, decimal(12,2)");
        }
        if ((index == null ? 0 : 1) + (name == null ? 0 : 1) + (value == null ? 0 : 1) != 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "a column has either an index or a constant value (or, of JSON, a name), here: index " + index
                            + ", name " + name + ", value " + value);
        }
        if (index != null && index < 0) {
            throw new GranaryException(ErrorCode.DEFINITION, "column.index is " + index + "; it is at least 0");
        }
    }

    /** The column at that position. */
    public static ReaderColumn at(int index, String type) {
        return new ReaderColumn(index, null, type, null, null);
    }

    /** The same value in every row. */
    public static ReaderColumn constant(String type, String value) {
        return new ReaderColumn(null, null, type, value, null);
    }

    /**
     * The Hive type that holds the column's values. DataX's {@code date} has a time of day, unless its format has none.
     */
    public String hiveType() {
        return switch (type) {
            case "long" -> "bigint";
            case "bytes" -> "binary";
            case "date" -> format == null || format.matches(".*[HhKk].*") ? "timestamp" : "date";
            default -> type;
        };
    }
}
