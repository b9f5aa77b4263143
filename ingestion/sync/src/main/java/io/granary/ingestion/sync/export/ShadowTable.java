package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.jdbc.Database;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * A table beside an exported one, {@code <table>__granary_<run>}, that is filled while people read the other. Whoever has
 * the table's lock may drop all that there are: their runs are dead.
 */
record ShadowTable(Database database, ExportTable table, String name) {
    private static final String MARK = "__granary_";
    private static final int RUN_BYTES = 4;
    private static final String OLD = "_old";
    /** The longest name of a table: MySQL takes 64 characters, PostgreSQL 63 bytes. */
    private static final int LONGEST = 63;

    private static final SecureRandom RANDOM = new SecureRandom();

    static ShadowTable of(ExportTable table) {
        byte[] run = new byte[RUN_BYTES];
        RANDOM.nextBytes(run);
        return new ShadowTable(
                table.database(),
                table,
                prefix(table.export().table()) + HexFormat.of().formatHex(run));
    }

    /** A long name is cut and told from others by a checksum. */
    static String prefix(String table) {
        int room = LONGEST - MARK.length() - 2 * RUN_BYTES - OLD.length();
        if (table.getBytes(StandardCharsets.UTF_8).length <= room) {
            return table + MARK;
        }
        CRC32 crc = new CRC32();
        crc.update(table.getBytes(StandardCharsets.UTF_8));
        String sum = String.format(Locale.ROOT, "_%08x", crc.getValue());
        return table.substring(0, room - sum.length()) + sum + MARK;
    }

    /** Drops what killed runs have left, and returns their names. */
    static List<String> dropLeftovers(Database database, String table) {
        List<String> left = database.tables(prefix(table) + "*");
        left.forEach(name -> dropIfThere(database, name));
        return left;
    }

    static void dropIfThere(Database database, String name) {
        database.execute("DROP TABLE IF EXISTS " + database.dialect().table(name));
    }

    /** The name of the table whose place was taken, until it is dropped. */
    String old() {
        return name + OLD;
    }

    void create() {
        if (table.exists()) {
            SharingSql.of(database).like(table.export().table(), name).forEach(database::execute);
        } else {
            table.create(name);
        }
    }
}
