package io.granary.batch.compile;

import io.granary.warehouse.manifest.DayRange;
import io.granary.warehouse.manifest.ModelNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** Which days of which tables each model reads, also those behind the views that it reads. */
public final class InputDays {
    private final Function<ModelNode, LogicalPlan> parsed;
    private final Map<String, ModelNode> views = new HashMap<>();

    private InputDays(Function<ModelNode, LogicalPlan> parsed) {
        this.parsed = parsed;
    }

    /** The models, which are in the order in which they are built, with what they read as their SQL says. */
    public static List<ModelNode> in(List<ModelNode> models) {
        return in(models, model -> CatalystSqlParser$.MODULE$.parsePlan(model.sql()));
    }

    /** Whether making a day reads that day and earlier ones only, of every table, as its SQL says. */
    public static boolean readsNothingLater(ModelNode model) {
        return ModelReads.of(CatalystSqlParser$.MODULE$.parsePlan(model.sql())).values().stream()
                .allMatch(range -> range.to() != null && range.to() <= 0);
    }

    static List<ModelNode> in(List<ModelNode> models, Function<ModelNode, LogicalPlan> parsed) {
        InputDays days = new InputDays(parsed);
        List<ModelNode> reading = new ArrayList<>();
        for (ModelNode model : models) {
            ModelNode read = model.with().reads(days.reads(model)).node();
            if (read.materialization().equals("view")) {
                days.views.put(read.table(), read);
            }
            reading.add(read);
        }
        return reading;
    }

    private Map<String, DayRange> reads(ModelNode model) {
        Map<String, DayRange> direct = ModelReads.of(parsed.apply(model));
        // every input has its range, also one that the walk did not meet
        model.inputs().forEach(input -> direct.putIfAbsent(input, DayRange.ALL));
        boolean all = model.materialization().equals("scd2");
        Map<String, DayRange> reads = new TreeMap<>();
        direct.forEach((input, given) -> {
            DayRange range = all ? DayRange.ALL : given;
            reads.merge(input, range, DayRange::union);
            ModelNode view = views.get(input);
            if (view != null) {
                // a view over one table that hands its ds on is read as that table is
                boolean handsOn = view.reads().size() == 1 && ModelReads.handsOnDay(parsed.apply(view));
                view.reads()
                        .forEach((table, within) ->
                                reads.merge(table, handsOn ? within.intersect(range) : within, DayRange::union));
            }
        });
        return reads;
    }
}
