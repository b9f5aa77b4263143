package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.warehouse.config.DatabaseType;

/**
 * When each day of each export was written, kept beside the exported tables and in the same transaction, so that who reads
 * a report knows how old it is (docs/contracts.md, section 10).
 */
public final class ExportLog {
    private static final Dialect SQL = Dialect.of(DatabaseType.MARIADB);
    public static final String TABLE = "granary_exports";

    private ExportLog() {}

    public static String ddl() {
        return "CREATE TABLE IF NOT EXISTS " + SQL.quoted(TABLE) + " (`export` VARCHAR(255) NOT NULL,"
                + " `ds` VARCHAR(10) NOT NULL, `exported_at` DATETIME(3) NOT NULL COMMENT 'UTC',"
                + " PRIMARY KEY (`export`, `ds`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";
    }

    /** The statement that notes that the day was written now. */
    public static String entry(String export, String ds) {
        return "REPLACE INTO " + SQL.quoted(TABLE) + " VALUES (" + SQL.literal(export) + ", " + SQL.literal(ds)
                + ", UTC_TIMESTAMP(3))";
    }
}
