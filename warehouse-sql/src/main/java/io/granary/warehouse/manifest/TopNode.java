package io.granary.warehouse.manifest;

import java.util.List;

/**
 * Lists of the combinations of a counter's {@code by} with the highest numbers.
 *
 * @param measure a count or a sum of the counter
 * @param within some of {@code by}: there is a list for each combination of their values; empty for one list of all
 * @param size how many a list names
 */
public record TopNode(String measure, List<String> within, int size) {
    public TopNode {
        within = within == null ? List.of() : List.copyOf(within);
    }
}
