package io.granary.tablestore;

import java.util.List;

/**
 * How a version was made (docs/contracts.md, section 7).
 *
 * @param producer id of the manifest node
 * @param sqlHash hash of the definition it was made by
 */
public record Provenance(String producer, String sqlHash, List<Input> inputs) {
    /** A table that was read and the versions of its partitions that were read. */
    public record Input(String table, List<String> versions) {
        public Input {
            versions = List.copyOf(versions);
        }
    }

    public Provenance {
        inputs = List.copyOf(inputs);
    }
}
