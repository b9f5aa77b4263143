package io.granary.ingestion.sync.transform;

import io.granary.ingestion.sync.job.Transformer;
import io.granary.ingestion.sync.row.RowTransformer;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/**
 * The transformers of a job, as DataX has them. {@code dx_filter} drops rows; the others make a text of their column, whatever
 * its type was. What cannot work for any row (a position below 0, a pattern with a fault) is refused before the first row,
 * where DataX calls every row dirty.
 */
public final class Transformers {
    /** One step: made anew for each part. */
    interface Step {
        RowTransformer open(String part, int rows);
    }

    private final List<Step> steps;
    private final TypeDescription schema;

    private Transformers(List<Step> steps, TypeDescription schema) {
        this.steps = steps;
        this.schema = schema;
    }

    /**
     * The transformers for rows of a schema.
     *
     * @throws GranaryException when a transformer's parameters cannot be, or it names a column that is not there
     */
    public static Transformers of(List<Transformer> transformers, TypeDescription reader) {
        List<Step> steps = new ArrayList<>();
        TypeDescription schema = reader;
        for (Transformer transformer : transformers) {
            int column = column(transformer, schema);
            TypeDescription before = schema;
            if (transformer.name().equals("dx_filter")) {
                ValueTest test = Filters.of(transformer, schema.getChildren().get(column));
                steps.add((part, rows) ->
                        new FilterStep(test, column, before.getChildren().size(), rows));
            } else {
                TextChange change = TextChange.of(transformer);
                schema = withText(schema, column);
                TypeDescription after = schema;
                steps.add((part, rows) -> new ChangeStep(change, column, before, after, part, rows));
            }
        }
        return new Transformers(steps, schema);
    }

    /** The columns as they are after all transformers. */
    public TypeDescription schema() {
        return schema;
    }

    /** Whether rows stay as they are. */
    public boolean none() {
        return steps.isEmpty();
    }

    /**
     * Transformers for one part.
     *
     * @param part what the rows are, for messages
     * @param rows most rows of a batch
     */
    public RowTransformer open(String part, int rows) {
        if (steps.isEmpty()) {
            return RowTransformer.NONE;
        }
        List<RowTransformer> opened =
                steps.stream().map(step -> step.open(part, rows)).toList();
        return (batch, dirty) -> {
            VectorizedRowBatch current = batch;
            for (RowTransformer step : opened) {
                current = step.apply(current, dirty);
            }
            return current;
        };
    }

    private static int column(Transformer transformer, TypeDescription schema) {
        int column = transformer.parameter().columnIndex();
        if (column >= schema.getChildren().size()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    transformer.name() + ": columnIndex is " + column + "; the rows have columns 0 to "
                            + (schema.getChildren().size() - 1) + " " + schema.getFieldNames());
        }
        return column;
    }

    private static TypeDescription withText(TypeDescription schema, int column) {
        TypeDescription changed = TypeDescription.createStruct();
        for (int i = 0; i < schema.getChildren().size(); i++) {
            changed.addField(
                    schema.getFieldNames().get(i),
                    i == column
                            ? TypeDescription.createString()
                            : schema.getChildren().get(i).clone());
        }
        return changed;
    }
}
