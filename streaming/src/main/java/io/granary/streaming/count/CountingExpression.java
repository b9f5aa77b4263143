package io.granary.streaming.count;

import io.granary.functions.log.Initial;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.Block;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeBlock;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.codegen.FalseLiteral$;
import org.apache.spark.sql.catalyst.expressions.codegen.JavaCode$;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * A condition that tells the task of every row it sees. It is not deterministic, so the optimizer leaves it where it
 * stands: behind the filters and joins below it, before none of those above.
 */
abstract class CountingExpression extends Expression implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Seq<Expression> arguments;

    CountingExpression(Seq<Expression> arguments) {
        this.arguments = arguments;
    }

    /** What takes the rows, found once a task. */
    abstract Class<?> receiver();

    /** Java that passes the arguments on, and whose last line sets the variable {@code result}. */
    abstract String call(String receiver, List<ExprCode> values, String result);

    List<Expression> arguments() {
        return JavaConverters.seqAsJavaList(arguments);
    }

    @Override
    public final ExprCode doGenCode(CodegenContext context, ExprCode result) {
        String self = context.addReferenceObj("counting", this, getClass().getName());
        String receiver =
                context.addMutableState(receiver().getName(), "counted", new Initial(self + ".open()"), true, true);
        List<ExprCode> values =
                arguments().stream().map(a -> a.genCode(context)).toList();
        Block code = new CodeBlock(seq(List.of("\n")), seq(List.of()));
        for (ExprCode value : values) {
            code = code.$plus(value.code());
        }
        String variable = context.freshName("isCounted");
        String text = "\nboolean " + variable + ";\n" + call(receiver, values, variable);
        code = code.$plus(new CodeBlock(seq(List.of(text)), seq(List.of())));
        return result.copy(code, FalseLiteral$.MODULE$, JavaCode$.MODULE$.variable(variable, DataTypes.BooleanType));
    }

    @Override
    public final boolean deterministic() {
        return false;
    }

    @Override
    public final boolean foldable() {
        return false;
    }

    @Override
    public final boolean nullable() {
        return false;
    }

    @Override
    public final DataType dataType() {
        return DataTypes.BooleanType;
    }

    @Override
    public final Seq<Expression> children() {
        return arguments;
    }

    static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toSeq();
    }
}
