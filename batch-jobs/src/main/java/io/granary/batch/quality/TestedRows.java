package io.granary.batch.quality;

import io.granary.batch.run.Parameters;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.TableName;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.text.SqlLiteral;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rows a model's tests are about: partitions of its table, or of the staging table in its place.
 *
 * @param interval empty means all rows
 */
record TestedRows(ModelNode model, TableName table, List<PartitionSpec> interval) {
    TestedRows(ModelNode model, TableName table, Collection<PartitionSpec> interval) {
        this(model, table, List.copyOf(interval));
    }

    /** The partition predicate; {@code TRUE} when there is none. */
    String predicate() {
        if (interval.isEmpty()) {
            return "TRUE";
        }
        boolean oneColumn = interval.stream().allMatch(spec -> spec.entries().size() == 1);
        if (oneColumn) {
            String column = interval.get(0).entries().get(0).column();
            return SqlName.quote(column)
                    + interval.stream()
                            .map(spec -> SqlLiteral.of(spec.values().get(0)))
                            .collect(Collectors.joining(", ", " IN (", ")"));
        }
        return interval.stream()
                .map(spec -> spec.entries().stream()
                        .map(entry -> SqlName.quote(entry.column()) + " = " + SqlLiteral.of(entry.value()))
                        .collect(Collectors.joining(" AND ", "(", ")")))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    /** As a relation, for a test that is a query of its own. */
    String relation() {
        return "(SELECT * FROM " + table + " WHERE " + predicate() + ")";
    }

    /** Values of {@code :ds} in a test's SQL: none when the interval has several days, for it would mean one of them. */
    Map<String, String> parameters() {
        TreeSet<String> days = new TreeSet<>();
        for (PartitionSpec spec : interval) {
            spec.entries().stream()
                    .filter(entry -> entry.column().equals("ds"))
                    .forEach(entry -> days.add(entry.value()));
        }
        Map<String, String> values = new LinkedHashMap<>();
        if (days.size() == 1) {
            values.put("ds", days.first());
        }
        return values;
    }

    /** Test SQL with {@code :ds} bound. */
    String bind(String sql, String where) {
        return sql.contains(":ds") ? Parameters.bind(sql, parameters(), where) : sql;
    }

    /** Of one partition: its values in the order of the partition columns. */
    List<List<String>> partitionValues() {
        return interval.stream().map(PartitionSpec::values).toList();
    }

    String label() {
        if (interval.size() > 3) {
            return interval.get(0) + " … " + interval.get(interval.size() - 1) + " (" + interval.size()
                    + " partitions)";
        }
        return interval.stream().map(PartitionSpec::toString).collect(Collectors.joining(", "));
    }
}
