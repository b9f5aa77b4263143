package io.granary.warehouse.project;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Given rows, and what a model must make of them.
 *
 * @param model bare name of the model
 * @param ds the day the model runs for
 * @param given from {@code database.table} to rows
 */
public record UnitTestDefinition(
        Origin origin,
        String subject,
        String model,
        String name,
        String ds,
        Map<String, List<Map<String, Object>>> given,
        List<Map<String, Object>> expect) {
    static UnitTestDefinition of(String subject, String model, String name, YamlFile yaml) {
        Map<String, List<Map<String, Object>>> given = new LinkedHashMap<>();
        yaml.content()
                .path("given")
                .properties()
                .forEach(table -> given.put(table.getKey(), YamlValues.rows(table.getValue())));
        return new UnitTestDefinition(
                yaml.origin(),
                subject,
                model,
                name,
                yaml.text("ds"),
                given,
                YamlValues.rows(yaml.content().path("expect")));
    }
}
