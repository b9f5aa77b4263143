package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;

/** What all dialects say of Hive's types. */
final class HiveTypes {
    private HiveTypes() {}

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
