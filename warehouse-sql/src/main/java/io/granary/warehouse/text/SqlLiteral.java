package io.granary.warehouse.text;

/** Texts in the SQL of Spark and Hive. Databases write theirs otherwise. */
public final class SqlLiteral {
    private SqlLiteral() {}

    /** The text between quotes: whatever it holds, it stays one value. */
    public static String of(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
