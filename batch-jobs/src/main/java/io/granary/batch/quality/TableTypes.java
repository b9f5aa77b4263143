package io.granary.batch.quality;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of the tables that models read, with their types, partition columns at the end. */
final class TableTypes {
    /** What a log table has in front of its format's columns (docs/contracts.md, section 7). */
    private static final StructType LINE =
            StructType.fromDDL("region STRING, site STRING, host STRING, file STRING, line_offset BIGINT,"
                    + " line_number BIGINT, collected_at TIMESTAMP, seal_id STRING");

    private static final StructType NOTHING = new StructType();

    private final Manifest manifest;

    TableTypes(Manifest manifest) {
        this.manifest = manifest;
    }

    /** Nothing when the project does not say: a database's table without columns, or a table that is not its own. */
    Optional<Map<String, DataType>> of(String table) {
        return manifest.models().stream()
                .filter(model -> model.table().equals(table))
                .findFirst()
                .map(model -> types(NOTHING, model.columns(), model.partition()))
                .or(() -> manifest.seeds().stream()
                        .filter(seed -> seed.table().equals(table))
                        .findFirst()
                        .map(seed -> types(NOTHING, seed.columns(), List.of())))
                .or(() -> manifest.sources().stream()
                        .filter(source -> source.table().equals(table) && isDeclared(source))
                        .findFirst()
                        .map(source -> types(source.isLog() ? LINE : NOTHING, source.columns(), source.partition())));
    }

    private static boolean isDeclared(SourceNode source) {
        return !source.columns().isEmpty();
    }

    private static Map<String, DataType> types(StructType front, List<ColumnNode> columns, List<String> partition) {
        Map<String, DataType> types = new LinkedHashMap<>();
        for (StructField field : front.fields()) {
            types.put(field.name(), field.dataType());
        }
        columns.forEach(column -> types.put(column.name(), DataType.fromDDL(column.type())));
        partition.forEach(column -> types.put(column, DataTypes.StringType));
        return types;
    }
}
