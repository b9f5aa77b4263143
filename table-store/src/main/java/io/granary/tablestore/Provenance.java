package io.granary.tablestore;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a version was made (docs/contracts.md, section 7).
 *
 * @param producer id of the manifest node
 * @param sqlHash hash of the definition it was made by
 * @param sql the definition's SQL, to be shown to people; null when it is not known
 * @param rows how many the version has; null when it is not known
 * @param details what else its producer says of it, as JSON has it; null when there is nothing
 */
public record Provenance(
        String producer, String sqlHash, List<Input> inputs, String sql, Long rows, Map<String, Object> details) {
    /**
     * A table that was read.
     *
     * @param versions the run ids of the partitions that were read
     * @param partitions the partitions that were read, {@code ds=…}, and the run id of each; empty in versions that an
     *     earlier Granary wrote
     */
    public record Input(String table, List<String> versions, Map<String, String> partitions) {
        public Input {
            versions = List.copyOf(versions);
            partitions = partitions == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(partitions));
        }

        public Input(String table, List<String> versions) {
            this(table, versions, Map.of());
        }

        /** An input by its partitions and the run id of each. */
        public static Input of(String table, Map<String, String> partitions) {
            return new Input(
                    table, partitions.values().stream().distinct().sorted().toList(), partitions);
        }
    }

    public Provenance {
        inputs = List.copyOf(inputs);
        details = details == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    public Provenance(String producer, String sqlHash, List<Input> inputs) {
        this(producer, sqlHash, inputs, null, null, null);
    }

    public Provenance withSql(String text) {
        return new Provenance(producer, sqlHash, inputs, text, rows, details);
    }

    public Provenance withRows(long count) {
        return new Provenance(producer, sqlHash, inputs, sql, count, details);
    }

    public Provenance withDetails(Map<String, Object> said) {
        return new Provenance(producer, sqlHash, inputs, sql, rows, said);
    }
}
