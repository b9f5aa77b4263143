package io.granary.batch.run;

import io.granary.tablestore.Column;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.project.ModelDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table that a model's definition asks for. */
public final class ModelTable {
    private static final Map<String, String> PARTITION_COMMENTS =
            Map.of("ds", "Day, yyyy-MM-dd", "hh", "Hour, 00 to 23");

    private ModelTable() {}

    /** A view has no table of its own. */
    public static boolean isView(ModelNode model) {
        return model.materialization().equals("view");
    }

    /** With those that the materialization adds, without those of the partitions. */
    public static List<ColumnNode> columns(ModelNode model) {
        List<ColumnNode> columns = new ArrayList<>(model.columns());
        if (model.materialization().equals("scd2")) {
            columns.addAll(ModelDefinition.VERSION_COLUMNS);
        }
        return List.copyOf(columns);
    }

    public static TableSchema schema(ModelNode model) {
        if (!Set.of(List.of(), List.of("ds"), List.of("ds", "hh")).contains(model.partition())) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    model.file() + ": partition is " + model.partition()
                            + "; build makes tables with partition: [ds], [ds, hh] or []");
        }
        return new TableSchema(
                TableName.parse(model.table()),
                columns(model).stream()
                        .map(c -> new Column(c.name(), c.type(), c.description() == null ? "" : c.description()))
                        .toList(),
                model.partition().stream()
                        .map(name -> new Column(name, "string", PARTITION_COMMENTS.get(name)))
                        .toList(),
                model.description() == null ? "" : model.description());
    }

    /**
     * Makes the table when it is missing, and adds columns that came at the end.
     *
     * @param fullRefresh makes a table anew that cannot be brought to its definition in another way; one that can stays
     * @throws GranaryException naming the differences when only making it anew would settle them
     */
    public static void ensure(ModelNode model, TableStore store, boolean fullRefresh) {
        if (isView(model)) {
            return;
        }
        TableSchema schema = schema(model);
        if (fullRefresh && store.migration(schema).needsFullRefresh()) {
            store.recreate(schema);
        } else {
            store.ensure(schema);
        }
    }
}
