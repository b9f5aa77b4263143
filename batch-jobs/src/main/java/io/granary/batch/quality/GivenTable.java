package io.granary.batch.quality;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Rows out of YAML as a typed relation. A column that a row leaves out is NULL; the partition column ds is the day of the
 * test then.
 *
 * @param types from column to Spark type, in order
 */
record GivenTable(String name, Map<String, DataType> types, List<Map<String, Object>> rows) {

    /** Which columns there are when nobody declares them: those of the rows, their types as the values look. */
    static Map<String, DataType> inferred(List<Map<String, Object>> rows) {
        Map<String, DataType> types = new LinkedHashMap<>();
        for (Map<String, Object> row : rows) {
            row.forEach((column, value) -> {
                if (value != null || !types.containsKey(column)) {
                    types.merge(column, inferred(value), (a, b) -> a.equals(b) ? a : DataTypes.StringType);
                }
            });
        }
        return types;
    }

    private static DataType inferred(Object value) {
        if (value instanceof Boolean) {
            return DataTypes.BooleanType;
        }
        if (value instanceof Integer || value instanceof Long) {
            return DataTypes.LongType;
        }
        return value instanceof Number ? DataTypes.createDecimalType(38, 6) : DataTypes.StringType;
    }

    /**
     * The relation, with column ids of its own each time.
     *
     * @throws GranaryException when a row names another column, or a value is not of its column's type
     */
    LocalRelation relation() {
        List<Attribute> attributes = new ArrayList<>();
        types.forEach((column, type) -> attributes.add(new AttributeReference(
                column, type, true, Metadata.empty(), NamedExpression.newExprId(), seq(List.of()))));
        List<InternalRow> values = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            values.add(row(rows.get(i), i + 1));
        }
        return new LocalRelation(seq(attributes), seq(values), false);
    }

    private InternalRow row(Map<String, Object> row, int number) {
        for (String column : row.keySet()) {
            if (!types.containsKey(column)) {
                throw wrong(
                        number,
                        "there is no column '" + column + "'; the columns are " + new TreeSet<>(types.keySet()));
            }
        }
        Object[] cells = new Object[types.size()];
        int i = 0;
        for (Map.Entry<String, DataType> column : types.entrySet()) {
            cells[i++] = cell(column.getKey(), column.getValue(), row.get(column.getKey()), number);
        }
        return new GenericInternalRow(cells);
    }

    private Object cell(String column, DataType type, Object value, int number) {
        if (value == null) {
            return null;
        }
        String text = value instanceof Number ? new BigDecimal(value.toString()).toPlainString() : value.toString();
        Literal literal = new Literal(UTF8String.fromString(text), DataTypes.StringType);
        if (type.equals(DataTypes.StringType)) {
            return literal.value();
        }
        try {
            return new Cast(literal, type, Option.apply("UTC"), EvalMode.ANSI()).eval(null);
        } catch (RuntimeException e) {
            throw wrong(
                    number,
                    "column " + column + " is '" + text + "', which is no "
                            + type.sql().toLowerCase(java.util.Locale.ROOT));
        }
    }

    private GranaryException wrong(int number, String what) {
        return new GranaryException(ErrorCode.DEFINITION, "row " + number + " of " + name + ": " + what);
    }

    static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toSeq();
    }
}
