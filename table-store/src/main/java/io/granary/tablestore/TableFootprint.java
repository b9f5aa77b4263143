package io.granary.tablestore;

import io.granary.warehouse.text.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a table's data is: all that has to be the same for its readers to see the same rows.
 *
 * @param location of the table itself; of a view its text
 * @param partitions from the partition's name to its location
 */
public record TableFootprint(TableName name, boolean isView, String location, SortedMap<String, String> partitions) {
    public TableFootprint {
        partitions = new TreeMap<>(partitions);
    }

    /** SHA-256 over the locations, without the table's name: it survives a rename. */
    public String digest() {
        MessageDigest digest = Digests.digest("SHA-256");
        text(digest, location);
        partitions.forEach((partition, place) -> {
            text(digest, partition);
            text(digest, place);
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void text(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
