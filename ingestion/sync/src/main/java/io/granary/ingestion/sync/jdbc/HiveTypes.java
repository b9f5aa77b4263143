package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;

/** What all dialects say of Hive's types. */
final class HiveTypes {
    /** Of numbers that say no precision: a value that has more digits is refused, not cut. */
    static final String ANY_NUMBER = "decimal(38,18)";

    private static final int INT_DIGITS = 9;
    private static final int LONG_DIGITS = 18;

    private HiveTypes() {}

    /** Of a database whose whole numbers are decimals too. */
    static String integerOrDecimal(String column, SourceType source) {
        if (source.scale() != 0 || source.size() > LONG_DIGITS) {
            return widened(column, source);
        }
        return source.size() <= INT_DIGITS ? "int" : "bigint";
    }

    /** A decimal whose scale may be negative or larger than its precision. */
    static String widened(String column, SourceType source) {
        int scale = Math.max(source.scale(), 0);
        int precision = Math.max(source.size() - Math.min(source.scale(), 0), scale);
        return decimal(column, new SourceType(source.text(), source.base(), precision, scale));
    }

    static String decimal(String column, SourceType source) {
        if (source.size() > DatabaseColumn.MAX_DIGITS) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "column " + column + " is " + source.text() + "; Hive holds " + DatabaseColumn.MAX_DIGITS
                            + " digits. Offer it through a view that casts it to a narrower decimal or to a text, and name"
                            + " the view as the source's table.");
        }
        return "decimal(" + (source.size() < 0 ? 10 : source.size()) + "," + source.scale() + ")";
    }

    static boolean isText(String hiveType) {
        return hiveType.equals("string") || hiveType.startsWith("varchar") || hiveType.startsWith("char");
    }

    static GranaryException unknown(String column, SourceType source) {
        return new GranaryException(
                ErrorCode.DATA,
                "column " + column + " has type '" + source.text()
                        + "', which cannot be synced. Offer it through a view that casts it, and name the view as the"
                        + " source's table.");
    }

    static GranaryException unwritable(String column, String hiveType) {
        return new GranaryException(
                ErrorCode.DEFINITION,
                "column " + column + " is " + hiveType
                        + ", which a database table cannot hold. Make a text of it in the model.");
    }
}
