package io.granary.batch.quality;

import io.granary.batch.run.Parameters;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.UnitTestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Runs unit tests: a model's SQL as it stands over given rows, in a Spark of this process that knows no catalog and no
 * cluster. All cases share one session.
 */
public final class UnitTests implements AutoCloseable {
    private final Manifest manifest;
    private final SparkSession spark;
    private final TableTypes tables;

    private UnitTests(Manifest manifest, SparkSession spark) {
        this.manifest = manifest;
        this.spark = spark;
        this.tables = new TableTypes(manifest);
    }

    /** Starts the session; takes seconds, once. */
    public static UnitTests open(Manifest manifest) {
        return new UnitTests(manifest, UnitTestSession.open());
    }

    /** Runs one case; whatever is wrong with it is its outcome. */
    public UnitTestOutcome run(UnitTestNode test) {
        long started = System.nanoTime();
        try {
            String difference = difference(test);
            return difference.isEmpty()
                    ? UnitTestOutcome.pass(test, elapsed(started))
                    : UnitTestOutcome.fail(test, elapsed(started), difference);
        } catch (GranaryException e) {
            return UnitTestOutcome.error(test, elapsed(started), e.getMessage());
        } catch (Exception e) {
            // Spark's own exceptions are checked ones that Scala does not declare
            return UnitTestOutcome.error(test, elapsed(started), message(e));
        }
    }

    private String difference(UnitTestNode test) throws Exception {
        ModelNode model = model(test);
        List<String> columns = comparedColumns(test, model);
        Map<String, DataType> types = types(model, columns);
        List<List<String>> expected = texts(new GivenTable("expect", types, test.expect()).relation(), types);
        List<List<String>> actual = texts(result(test, model), types);
        return RowDifference.of(columns, model.unique(), expected, actual).describe();
    }

    private ModelNode model(UnitTestNode test) {
        return manifest.models().stream()
                .filter(m -> m.id().equals(test.model()) || m.name().equals(test.model()))
                .findFirst()
                .orElseThrow(() -> new GranaryException(ErrorCode.NOT_FOUND, "there is no model " + test.model()));
    }

    /** Those that the expected rows name, in the model's order; all of them when no row is expected. */
    private static List<String> comparedColumns(UnitTestNode test, ModelNode model) {
        Set<String> named = new LinkedHashSet<>();
        test.expect().forEach(row -> named.addAll(row.keySet()));
        List<String> known = model.columns().stream().map(ColumnNode::name).toList();
        Set<String> unknown = new TreeSet<>(named);
        known.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "expect names " + unknown + ", which " + model.name() + " does not have; it has "
                            + String.join(", ", known));
        }
        return named.isEmpty() ? known : known.stream().filter(named::contains).toList();
    }

    private static Map<String, DataType> types(ModelNode model, List<String> columns) {
        Map<String, DataType> types = new LinkedHashMap<>();
        for (ColumnNode column : model.columns()) {
            if (columns.contains(column.name())) {
                types.put(column.name(), DataType.fromDDL(column.type()));
            }
        }
        return types;
    }

    private LogicalPlan result(UnitTestNode test, ModelNode model) throws Exception {
        String bound = Parameters.bind(model.sql(), Map.of("ds", test.ds()), model.file());
        return GivenPlan.over(spark.sessionState().sqlParser().parsePlan(bound), given(test, model));
    }

    private Map<String, GivenTable> given(UnitTestNode test, ModelNode model) {
        Set<String> unread = new TreeSet<>(test.given().keySet());
        model.inputs().forEach(unread::remove);
        if (!unread.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "given names " + unread + ", which " + model.name() + " does not read; it reads "
                            + String.join(", ", model.inputs()));
        }
        Map<String, GivenTable> given = new LinkedHashMap<>();
        for (String table : model.inputs()) {
            List<Map<String, Object>> rows = test.given().getOrDefault(table, List.of());
            Map<String, DataType> types = tables.of(table).orElseGet(() -> inferred(rows));
            given.put(table, new GivenTable(table, types, types.containsKey("ds") ? withDay(rows, test.ds()) : rows));
        }
        return given;
    }

    private static Map<String, DataType> inferred(List<Map<String, Object>> rows) {
        Map<String, DataType> types = GivenTable.inferred(rows);
        types.put("ds", DataTypes.StringType);
        return types;
    }

    /** Rows are of the day of the test unless they say otherwise. */
    private static List<Map<String, Object>> withDay(List<Map<String, Object>> rows, String ds) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            Map<String, Object> copy = new LinkedHashMap<>(row);
            copy.putIfAbsent("ds", ds);
            all.add(copy);
        }
        return all;
    }

    /** A plan's rows, each value cast to its column's type, as a run does, and written as text. */
    private List<List<String>> texts(LogicalPlan plan, Map<String, DataType> types) {
        Column[] columns = types.entrySet().stream()
                .map(column ->
                        text(functions.col("`" + column.getKey() + "`").cast(column.getValue()), column.getValue()))
                .toArray(Column[]::new);
        Dataset<Row> rows = Dataset.ofRows(spark, plan).select(columns);
        List<List<String>> texts = new ArrayList<>();
        for (Row row : rows.collectAsList()) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < columns.length; i++) {
                cells.add(row.getString(i));
            }
            texts.add(cells);
        }
        return texts;
    }

    private static Column text(Column value, DataType type) {
        return type.equals(DataTypes.BinaryType) ? functions.hex(value) : value.cast(DataTypes.StringType);
    }

    private static String message(Exception e) {
        String message = e instanceof AnalysisException analysis ? analysis.getSimpleMessage() : e.getMessage();
        return message == null ? e.toString() : message.strip();
    }

    private static Duration elapsed(long started) {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    @Override
    public void close() {
        spark.stop();
    }
}
