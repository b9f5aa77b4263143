package io.granary.warehouse.manifest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's SQL over given rows must yield the expected ones, in any order.
 *
 * @param id {@code unit_test.<model>.<name>}
 * @param model id of the model
 * @param ds the day the model runs for
 * @param given from {@code database.table} to rows; a column that a row leaves out is NULL
 * @param expect rows; only the columns they name are compared
 */
public record UnitTestNode(
        String id,
        String model,
        String name,
        String file,
        String ds,
        Map<String, List<Map<String, Object>>> given,
        List<Map<String, Object>> expect) {

    public UnitTestNode {
        given = Collections.unmodifiableMap(new LinkedHashMap<>(given));
        expect = List.copyOf(expect);
    }
}
