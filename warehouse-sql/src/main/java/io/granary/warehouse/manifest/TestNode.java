package io.granary.warehouse.manifest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A data test of a model: rows that are wrong, or a number that is.
 *
 * @param id {@code test.<model>.<name>}
 * @param type {@code not_null, unique, accepted_values, relationships, in_range, row_count, expression, freshness,
 *     sql}
 * @param columns the columns it is about; empty for row_count, expression and sql
 * @param arguments what the type takes besides: {@code values}; {@code to} (a table), {@code field}; {@code min, max};
 *     {@code min, max, days, max_change}; {@code expression}; {@code max_age}; {@code file, sql}, in which
 *     {@code {this}} stands for the table
 * @param where a condition on the rows that are tested; null is all of them
 * @param severity {@code fail} or {@code warn}
 */
public record TestNode(
        String id, String type, List<String> columns, Map<String, Object> arguments, String where, String severity) {

    public TestNode {
        columns = columns == null ? List.of() : List.copyOf(columns);
        arguments = arguments == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }
}
