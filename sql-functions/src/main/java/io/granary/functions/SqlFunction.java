package io.granary.functions;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import scala.Tuple3;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.runtime.AbstractFunction1;

/**
 * A function that SQL may call.
 *
 * @param usage one line, which errors and {@code DESCRIBE FUNCTION} show
 * @param arity how many arguments it takes; errors about another number come before {@code expression} is asked
 * @param type where it is written
 * @param expression what a call becomes in a plan
 */
public record SqlFunction(
        String name, String usage, int arity, Class<?> type, Function<List<Expression>, Expression> expression) {

    /**
     * A scalar function that is a static method. A call with a NULL argument is NULL and does not reach the method.
     *
     * @param method public and static; it takes the types by which generated code knows {@code arguments}, such as
     *     {@code byte[]} for BINARY and {@code UTF8String} for STRING, and may return null
     */
    public static SqlFunction of(
            String name, String usage, Class<?> type, String method, DataType returned, DataType... arguments) {
        List<AbstractDataType> types = List.of(arguments);
        return new SqlFunction(
                name,
                usage,
                arguments.length,
                type,
                values -> new StaticInvoke(type, returned, method, seq(values), seq(types), true, true, true));
    }

    void register(SparkSessionExtensions extensions) {
        ExpressionInfo info = new ExpressionInfo(type.getName(), null, name, usage, "");
        extensions.injectFunction(new Tuple3<>(FunctionIdentifier.apply(name), info, new Builder(this)));
    }

    private Expression call(List<Expression> arguments) {
        if (arguments.size() != arity) {
            throw new IllegalArgumentException(
                    name + " takes " + arity + " arguments, not " + arguments.size() + ": " + usage);
        }
        return expression.apply(arguments);
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toSeq();
    }

    private static final class Builder extends AbstractFunction1<Seq<Expression>, Expression> {
        private final SqlFunction function;

        Builder(SqlFunction function) {
            this.function = function;
        }

        @Override
        public Expression apply(Seq<Expression> arguments) {
            return function.call(List.copyOf(JavaConverters.seqAsJavaList(arguments)));
        }
    }
}
