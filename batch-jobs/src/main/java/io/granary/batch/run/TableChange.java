package io.granary.batch.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.granary.tablestore.Column;
import io.granary.tablestore.Migration;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ModelNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a build does to a table that exists with other columns than its definition.
 *
 * @param uniqueId the model
 * @param action what happens to the table
 * @param added columns that come at its end
 * @param differences what cannot be migrated, one a line
 * @param gone partitions that readers see now and would not see after the table was made anew, without those that the
 *     plan makes; sorted
 */
record TableChange(
        String uniqueId, String table, Action action, List<Column> added, List<String> differences, List<String> gone) {
    private static final int SHOWN_PARTITIONS = 5;

    enum Action {
        @JsonProperty("add_columns")
        ADD_COLUMNS,
        /** With {@code --full-refresh}. */
        @JsonProperty("recreate")
        RECREATE,
        /** The model fails unless it is built with {@code --full-refresh}. */
        @JsonProperty("needs_full_refresh")
        NEEDS_FULL_REFRESH,
        /** The table is somebody else's: the model fails. */
        @JsonProperty("refused")
        REFUSED
    }

    TableChange {
        added = List.copyOf(added);
        differences = List.copyOf(differences);
        gone = List.copyOf(gone);
    }

    /** Asks for the tables that the steps write, and no other; none is changed. */
    static List<TableChange> of(TableStore store, List<Step> steps, boolean fullRefresh) {
        Map<ModelNode, Set<PartitionSpec>> made = new LinkedHashMap<>();
        steps.forEach(step -> made.computeIfAbsent(step.target().model(), m -> new HashSet<>())
                .add(step.target().spec()));
        List<TableChange> changes = new ArrayList<>();
        made.forEach((model, partitions) -> {
            if (!ModelTable.isView(model)) {
                change(store, model, partitions, fullRefresh, changes);
            }
        });
        return List.copyOf(changes);
    }

    private static void change(
            TableStore store,
            ModelNode model,
            Collection<PartitionSpec> made,
            boolean fullRefresh,
            List<TableChange> changes) {
        TableSchema schema = ModelTable.schema(model);
        Migration migration;
        try {
            migration = store.migration(schema);
        } catch (GranaryException e) {
            if (e.code() != ErrorCode.DATA) {
                throw e;
            }
            changes.add(new TableChange(
                    model.id(), model.table(), Action.REFUSED, List.of(), List.of(e.getMessage()), List.of()));
            return;
        }
        if (migration.needsFullRefresh()) {
            changes.add(new TableChange(
                    model.id(),
                    model.table(),
                    fullRefresh ? Action.RECREATE : Action.NEEDS_FULL_REFRESH,
                    List.of(),
                    migration.refused(),
                    gone(store, schema.name(), made)));
        } else if (!migration.added().isEmpty()) {
            changes.add(new TableChange(
                    model.id(), model.table(), Action.ADD_COLUMNS, migration.added(), List.of(), List.of()));
        }
    }

    private static List<String> gone(TableStore store, TableName table, Collection<PartitionSpec> made) {
        return store.partitions(table).stream()
                .map(PublishedPartition::spec)
                .filter(spec -> !made.contains(spec) && !spec.entries().isEmpty())
                .map(PartitionSpec::toString)
                .sorted()
                .toList();
    }

    /** For people: one line, and more indented below it. */
    String text() {
        String what = table + "  ";
        return switch (action) {
            case ADD_COLUMNS ->
                what + "gets " + columns() + "; rows made before have NULL there until their days are built again";
            case RECREATE -> what + "is made anew: " + String.join("; ", differences) + lost("go");
            case NEEDS_FULL_REFRESH ->
                what + "needs --full-refresh: " + String.join("; ", differences) + lost("would go");
            case REFUSED -> what + "is refused: " + String.join("; ", differences);
        };
    }

    private String columns() {
        return (added.size() == 1 ? "column " : "columns ")
                + String.join(
                        ", ", added.stream().map(c -> c.name() + " " + c.type()).toList());
    }

    private String lost(String verb) {
        if (gone.isEmpty()) {
            return "";
        }
        String partitions = gone.size() <= SHOWN_PARTITIONS
                ? String.join(", ", gone)
                : gone.get(0) + " … " + gone.get(gone.size() - 1);
        return "\n    " + gone.size() + (gone.size() == 1 ? " partition" : " partitions")
                + " that this plan does not make " + verb + ": " + partitions
                + "\n    Readers find them empty until they are built again (granary backfill --select "
                + uniqueId.substring(uniqueId.indexOf('.') + 1)
                + "); the files stay until granary gc.";
    }
}
