package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.List;

/**
 * A partition by its values, in the order of the partition columns; prints as {@code ds=2026-11-01/hh=07}. A table
 * without partition columns is one partition without values, which prints as nothing.
 */
public record PartitionSpec(List<Entry> entries) {
    /** One column and its value. */
    public record Entry(String column, String value) {}

    public PartitionSpec {
        entries = List.copyOf(entries);
    }

    /** From {@code "ds", "2026-11-01", "hh", "07"}. */
    public static PartitionSpec of(String... columnsAndValues) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < columnsAndValues.length; i += 2) {
            entries.add(new Entry(columnsAndValues[i], columnsAndValues[i + 1]));
        }
        return new PartitionSpec(entries);
    }

    /** Reads {@code ds=2026-11-01/hh=07}. */
    public static PartitionSpec parse(String path) {
        List<Entry> entries = new ArrayList<>();
        if (path.isEmpty()) {
            return new PartitionSpec(entries);
        }
        for (String part : path.split("/")) {
            int eq = part.indexOf('=');
            if (eq < 1) {
                throw new GranaryException(
                        ErrorCode.DATA, "'" + path + "' is no partition path such as ds=2026-11-01/hh=07");
            }
            entries.add(new Entry(part.substring(0, eq), part.substring(eq + 1)));
        }
        return new PartitionSpec(entries);
    }

    public List<String> values() {
        return entries.stream().map(Entry::value).toList();
    }

    @Override
    public String toString() {
        return String.join(
                "/", entries.stream().map(e -> e.column() + "=" + e.value()).toList());
    }
}
