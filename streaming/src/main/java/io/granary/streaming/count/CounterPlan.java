package io.granary.streaming.count;

import io.granary.streaming.count.TallyPlan.Dimension;
import io.granary.streaming.count.TallyPlan.Group;
import io.granary.streaming.count.TallyPlan.Kind;
import io.granary.streaming.count.TallyPlan.Measure;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.redis.Windows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The counters of a model and where their numbers are found.
 *
 * @param slots SQL of each slot over the model's rows
 * @param counters in the order of the model's
 */
record CounterPlan(List<String> slots, TallyPlan tally, List<Place> counters) {
    /** Midnight of every zone that is in use lies on this grid. */
    private static final long DAYS_GRID = Duration.ofMinutes(15).toSeconds();

    private static final Set<DataType> WHOLE =
            Set.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

    /** @param measures of each measure of the counter its number among those of the group */
    record Place(ZonedCounter counter, int group, List<Integer> measures) {}

    /** @param schema of the model's rows */
    static CounterPlan of(CountedModel model, StructType schema) {
        return new Building(schema).plan(model);
    }

    /** Seconds that divide the buckets of all these windows; 0 for {@code total} alone. */
    static long base(List<String> windows) {
        long base = 0;
        for (String window : windows) {
            if (!window.equals(Windows.TOTAL)) {
                long length =
                        window.equals("1d") ? DAYS_GRID : Windows.length(window).toSeconds();
                base = base == 0 ? length : gcd(base, length);
            }
        }
        return base;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private static final class Building {
        private final StructType schema;
        private final Map<String, Integer> slots = new LinkedHashMap<>();
        private final Map<List<Object>, Integer> groups = new LinkedHashMap<>();
        private final List<List<Measure>> measures = new ArrayList<>();
        private final List<Long> bases = new ArrayList<>();

        Building(StructType schema) {
            this.schema = schema;
        }

        CounterPlan plan(CountedModel model) {
            List<Place> places = new ArrayList<>();
            model.counters().forEach(counter -> places.add(place(counter)));
            List<Group> planned = new ArrayList<>();
            groups.forEach((key, group) -> planned.add(group(key, group)));
            return new CounterPlan(
                    List.copyOf(slots.keySet()), new TallyPlan(slots.size(), planned), List.copyOf(places));
        }

        @SuppressWarnings("unchecked")
        private Group group(List<Object> key, int group) {
            return new Group(
                    (Integer) key.get(0),
                    (Integer) key.get(1),
                    (List<Dimension>) key.get(2),
                    bases.get(group),
                    (Long) key.get(3),
                    measures.get(group));
        }

        private Place place(ZonedCounter zoned) {
            CounterNode counter = zoned.node();
            int where = counter.where() == null || counter.where().isBlank()
                    ? -1
                    : slot("CAST((" + counter.where() + "\n) AS BOOLEAN)");
            int time = slot("CAST(" + quoted(counter.time()) + " AS TIMESTAMP)");
            List<Dimension> by = counter.by().stream().map(this::dimension).toList();
            long ahead = counter.ahead().toNanos() / 1000;
            int group = groups.computeIfAbsent(List.of(where, time, by, ahead), k -> {
                measures.add(new ArrayList<>());
                bases.add(0L);
                return measures.size() - 1;
            });
            bases.set(group, gcd(bases.get(group), base(counter.windows())));
            List<Integer> places = new ArrayList<>();
            for (MeasureNode measure : counter.measures()) {
                Measure planned = measure(counter, measure);
                List<Measure> known = measures.get(group);
                if (!known.contains(planned)) {
                    known.add(planned);
                }
                places.add(known.indexOf(planned));
            }
            return new Place(zoned, group, places);
        }

        private Measure measure(CounterNode counter, MeasureNode measure) {
            if (measure.type().equals("count")) {
                return new Measure(Kind.COUNT, -1);
            }
            if (!measure.type().equals("sum")) {
                return new Measure(
                        measure.keepsMembers() ? Kind.MEMBERS : Kind.SKETCH,
                        slot("CAST(" + quoted(measure.column()) + " AS STRING)"));
            }
            if (!isWhole(measure.column())) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "counter " + counter.qualifiedName() + ": measure " + measure.name() + " sums "
                                + measure.column() + ", which is of type " + type(measure.column())
                                + "; Redis adds whole numbers only. Give the model a column in the smallest unit, such"
                                + " as cents.");
            }
            return new Measure(Kind.SUM, slot("CAST(" + quoted(measure.column()) + " AS BIGINT)"));
        }

        private Dimension dimension(String column) {
            boolean isWhole = isWhole(column);
            return new Dimension(slot("CAST(" + quoted(column) + (isWhole ? " AS BIGINT)" : " AS STRING)")), isWhole);
        }

        private boolean isWhole(String column) {
            return schema.getFieldIndex(column).isDefined()
                    && WHOLE.contains(schema.apply(column).dataType());
        }

        private String type(String column) {
            return schema.getFieldIndex(column).isDefined()
                    ? schema.apply(column).dataType().simpleString()
                    : "unknown";
        }

        private int slot(String sql) {
            return slots.computeIfAbsent(sql, s -> slots.size());
        }

        private static String quoted(String column) {
            return "`" + column.replace("`", "``") + "`";
        }
    }
}
