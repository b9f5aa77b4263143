package io.granary.tablestore;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
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
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            text(digest, location);
            for (Map.Entry<String, String> partition : partitions.entrySet()) {
                text(digest, partition.getKey());
                text(digest, partition.getValue());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void text(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
