package io.granary.batch.compile;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.project.CsvText;
import io.granary.warehouse.project.SeedDefinition;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Literal$;

/** A seed as the model that it is: a table made anew when its CSV changes, of a SELECT that holds the rows. */
final class SeedModel {
    /** Stands where models have their layer, so that {@code layer:seed} selects seeds. */
    static final String LAYER = "seed";

    private final SeedDefinition seed;

    private SeedModel(SeedDefinition seed) {
        this.seed = seed;
    }

    static ModelNode of(SeedDefinition seed, String id, String owner) {
        return new SeedModel(seed).node(id, owner);
    }

    private ModelNode node(String id, String owner) {
        return ModelNode.of(
                        seed.subject(),
                        LAYER,
                        seed.table().substring(seed.table().indexOf('.') + 1))
                .id(id)
                .table(seed.table())
                .file(seed.file())
                .sql(sql())
                .description("Rows of " + seed.file())
                .owner(owner)
                .grain("one row per line of the file")
                .access("public")
                .columns(seed.columns())
                .hash(Hashes.seed(seed))
                .lineage(seed.columns().stream().collect(Collectors.toMap(ColumnNode::name, column -> List.of())))
                .node();
    }

    /** The values are texts, as in the file; a cast makes them what they are. */
    private String sql() {
        String casts = seed.columns().stream()
                .map(column -> "CAST(`" + column.name() + "` AS " + column.type() + ") AS `" + column.name() + "`")
                .collect(Collectors.joining(", "));
        String names =
                seed.columns().stream().map(column -> "`" + column.name() + "`").collect(Collectors.joining(", "));
        List<CsvText.Row> rows = CsvText.rows(seed.content());
        List<CsvText.Row> data = rows.subList(1, rows.size());
        String nothing = seed.columns().stream().map(column -> "NULL").collect(Collectors.joining(", ", "(", ")"));
        String values =
                data.isEmpty() ? nothing : data.stream().map(SeedModel::values).collect(Collectors.joining(",\n    "));
        return "SELECT " + casts + "\nFROM VALUES\n    " + values + "\nAS seed(" + names + ")"
                + (data.isEmpty() ? "\nWHERE false" : "");
    }

    private static String values(CsvText.Row row) {
        return row.fields().stream()
                .map(field ->
                        field == null ? "NULL" : Literal$.MODULE$.apply(field).sql())
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
