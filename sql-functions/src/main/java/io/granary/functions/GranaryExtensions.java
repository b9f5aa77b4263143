package io.granary.functions;

import java.util.List;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Cast$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Function1;
import scala.Tuple3;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Granary's SQL functions, for every session alike: {@code spark.sql.extensions=io.granary.functions.GranaryExtensions}.
 *
 * <ul>
 *   <li>{@code explode_chunk(body BINARY, start BIGINT, first_line BIGINT, mark BIGINT)}: a generator, one row
 *       {@code (line_offset BIGINT, line_number BIGINT, line BINARY)} per line; see {@link ExplodeChunk}.
 *   <li>{@code parse_combined(line BINARY)}: a struct of the fields of an access-log line; see {@link CombinedLine}.
 * </ul>
 */
public final class GranaryExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        inject(
                extensions,
                "explode_chunk",
                ExplodeChunk.class,
                "explode_chunk(body, start, first_line, mark): one row (line_offset, line_number, line) per line at or above mark",
                4,
                GranaryExtensions::explodeChunk);
        inject(
                extensions,
                "parse_combined",
                CombinedLine.class,
                "parse_combined(line): the fields of a line in the combined log format, reject_reason when it is not one",
                1,
                GranaryExtensions::parseCombined);
        return BoxedUnit.UNIT;
    }

    private static Expression explodeChunk(List<Expression> arguments) {
        return new ExplodeChunk(
                arguments.get(0), bigint(arguments.get(1)), bigint(arguments.get(2)), bigint(arguments.get(3)));
    }

    private static Expression parseCombined(List<Expression> arguments) {
        return new StaticInvoke(
                CombinedLine.class,
                CombinedLine.SCHEMA,
                "parse",
                seq(arguments),
                seq(List.<AbstractDataType>of(DataTypes.BinaryType)),
                true,
                true,
                true);
    }

    /** The optimizer takes the cast away where the type is BIGINT already. */
    private static Expression bigint(Expression argument) {
        DataType type = DataTypes.LongType;
        return Cast$.MODULE$.apply(argument, type, false);
    }

    private static void inject(
            SparkSessionExtensions extensions,
            String name,
            Class<?> type,
            String usage,
            int arity,
            java.util.function.Function<List<Expression>, Expression> builder) {
        Function1<Seq<Expression>, Expression> checked = new Builder(arguments -> {
            if (arguments.size() != arity) {
                throw new IllegalArgumentException(
                        name + " takes " + arity + " arguments, not " + arguments.size() + ": " + usage);
            }
            return builder.apply(arguments);
        });
        ExpressionInfo info = new ExpressionInfo(type.getName(), null, name, usage, "");
        extensions.injectFunction(new Tuple3<>(FunctionIdentifier.apply(name), info, checked));
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toSeq();
    }

    private static final class Builder extends AbstractFunction1<Seq<Expression>, Expression> {
        private final java.util.function.Function<List<Expression>, Expression> builder;

        Builder(java.util.function.Function<List<Expression>, Expression> builder) {
            this.builder = builder;
        }

        @Override
        public Expression apply(Seq<Expression> arguments) {
            return builder.apply(List.copyOf(JavaConverters.seqAsJavaList(arguments)));
        }
    }
}
