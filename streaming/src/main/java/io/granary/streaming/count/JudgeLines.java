package io.granary.streaming.count;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import scala.collection.IndexedSeq;
import scala.collection.Seq;

/** True for lines that are events; counts lines and rejected ones. Arguments: is it good, is it skipped (BOOLEAN). */
public final class JudgeLines extends CountingExpression {
    private static final long serialVersionUID = 1L;

    public JudgeLines(Seq<Expression> arguments) {
        super(arguments);
    }

    /** For generated code. */
    public TaskCounts open() {
        return TaskCounts.here();
    }

    @Override
    Class<?> receiver() {
        return TaskCounts.class;
    }

    @Override
    String call(String receiver, List<ExprCode> values, String result) {
        return result + " = " + receiver + ".line(" + isTrue(values.get(0)) + ", " + isTrue(values.get(1)) + ");\n";
    }

    private static String isTrue(ExprCode value) {
        return "!" + value.isNull() + " && " + value.value();
    }

    @Override
    public Object eval(InternalRow row) {
        boolean isGood = Boolean.TRUE.equals(arguments().get(0).eval(row));
        return open().line(isGood, Boolean.TRUE.equals(arguments().get(1).eval(row)));
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new JudgeLines(children.toSeq());
    }

    @Override
    public int productArity() {
        return 1;
    }

    @Override
    public Object productElement(int index) {
        return children();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof JudgeLines;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JudgeLines that && children().equals(that.children());
    }

    @Override
    public int hashCode() {
        return children().hashCode();
    }

    @Override
    public String prettyName() {
        return "judge_lines";
    }
}
