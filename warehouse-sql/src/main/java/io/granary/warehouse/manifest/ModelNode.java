package io.granary.warehouse.manifest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table made by SQL.
 *
 * @param file path of the SQL inside the project
 * @param inputs tables it reads, {@code database.table}, in alphabetical order
 * @param partition empty for {@code full}, {@code view} and {@code scd2} tables that have none
 * @param materialization {@code view}, {@code full}, {@code incremental} or {@code scd2}
 * @param columns without the partition columns
 * @param lookback days before a partition's day that are built again with it; null is 0
 * @param key of {@code scd2}: columns that name an entity
 * @param tracked of {@code scd2}: columns whose change makes a new row
 * @param tests data tests, those on {@code unique} first
 * @param lineage from an output column to the columns it is made from, {@code database.table.column}
 * @param reads from each table that is read, those behind views too, to the days of it
 */
public record ModelNode(
        String id,
        String subject,
        String layer,
        String name,
        String table,
        String file,
        String sql,
        String description,
        String owner,
        String grain,
        List<String> unique,
        List<String> partition,
        String materialization,
        boolean streamable,
        String access,
        List<String> parameters,
        List<String> inputs,
        List<ColumnNode> columns,
        String hash,
        Integer lookback,
        List<String> key,
        List<String> tracked,
        List<String> tags,
        List<TestNode> tests,
        Map<String, List<String>> lineage,
        Map<String, DayRange> reads) {

    public ModelNode {
        unique = List.copyOf(unique);
        partition = List.copyOf(partition);
        parameters = List.copyOf(parameters);
        inputs = List.copyOf(inputs);
        columns = List.copyOf(columns);
        key = key == null ? List.of() : List.copyOf(key);
        tracked = tracked == null ? List.of() : List.copyOf(tracked);
        tags = tags == null ? List.of() : List.copyOf(tags);
        tests = tests == null ? List.of() : List.copyOf(tests);
        lineage = lineage == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(lineage));
        reads = reads == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(reads));
    }

    /** A model, table {@code <layer>.<name>}, to be filled. */
    public static ModelNodeBuilder of(String subject, String layer, String name) {
        return new ModelNodeBuilder(subject, layer, name);
    }

    /** The same model, to be changed. */
    public ModelNodeBuilder with() {
        return new ModelNodeBuilder(this);
    }

    /** {@link #lookback}, 0 when there is none. */
    public int lookbackDays() {
        return lookback == null ? 0 : lookback;
    }
}
