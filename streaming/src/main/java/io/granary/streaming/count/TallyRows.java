package io.granary.streaming.count;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.IndexedSeq;
import scala.collection.Seq;

/** Counts rows in the task's {@link Tally}; its arguments are the slots, of type STRING, BIGINT, TIMESTAMP or BOOLEAN. */
public final class TallyRows extends CountingExpression {
    private static final long serialVersionUID = 1L;

    private final int model;

    /** @param model number of the model within the query */
    public TallyRows(int model, Seq<Expression> slots) {
        super(slots);
        this.model = model;
    }

    /** For generated code. */
    public Tally open() {
        return TaskCounts.here().tally(model);
    }

    @Override
    Class<?> receiver() {
        return Tally.class;
    }

    @Override
    String call(String receiver, List<ExprCode> values, String result) {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            ExprCode value = values.get(i);
            DataType type = arguments().get(i).dataType();
            String set = type.equals(DataTypes.StringType)
                    ? ".text(" + i + ", " + value.value() + ");"
                    : ".number(" + i + ", " + value.value() + (type.equals(DataTypes.BooleanType) ? " ? 1L : 0L" : "")
                            + ");";
            code.append("if (").append(value.isNull()).append(") { ");
            code.append(receiver).append(".nothing(").append(i).append("); } else { ");
            code.append(receiver).append(set).append(" }\n");
        }
        return code.append(result + " = " + receiver + ".row();\n").toString();
    }

    @Override
    public Object eval(InternalRow row) {
        Tally tally = open();
        List<Expression> slots = arguments();
        for (int i = 0; i < slots.size(); i++) {
            Object value = slots.get(i).eval(row);
            if (value == null) {
                tally.nothing(i);
            } else if (value instanceof UTF8String text) {
                tally.text(i, text);
            } else {
                tally.number(i, value instanceof Boolean flag ? flag ? 1 : 0 : (Long) value);
            }
        }
        return tally.row();
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new TallyRows(model, children.toSeq());
    }

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int index) {
        return index == 0 ? (Object) model : children();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof TallyRows;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TallyRows that
                && model == that.model
                && children().equals(that.children());
    }

    @Override
    public int hashCode() {
        return 31 * model + children().hashCode();
    }

    @Override
    public String prettyName() {
        return "tally_rows";
    }
}
