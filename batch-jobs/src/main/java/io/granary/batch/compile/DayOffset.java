package io.granary.batch.compile;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.catalyst.analysis.NamedParameter;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Add;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Subtract;
import org.apache.spark.sql.types.DayTimeIntervalType;
import scala.collection.JavaConverters;

/** How many days an expression lies from {@code :ds}. */
final class DayOffset {
    private DayOffset() {}

    /** Such as -6 for {@code date_sub(:ds, 6)}; null when the expression is of another form. */
    static Integer of(Expression expression) {
        if (isParameter(expression, "ds")) {
            return 0;
        }
        if (expression instanceof Cast cast) {
            return of(cast.child());
        }
        if (expression instanceof Add add) {
            return sum(of(add.left()), days(add.right()), 1);
        }
        if (expression instanceof Subtract subtract) {
            return sum(of(subtract.left()), days(subtract.right()), -1);
        }
        return expression instanceof UnresolvedFunction function ? function(function) : null;
    }

    static boolean isParameter(Expression expression, String name) {
        return expression instanceof NamedParameter parameter
                && parameter.name().equalsIgnoreCase(name);
    }

    private static Integer function(UnresolvedFunction function) {
        List<String> name = JavaConverters.seqAsJavaList(function.nameParts());
        List<Expression> arguments = JavaConverters.seqAsJavaList(function.arguments());
        return switch (name.get(name.size() - 1).toLowerCase(Locale.ROOT) + "/" + arguments.size()) {
            case "to_date/1", "date/1", "string/1" -> of(arguments.get(0));
            case "date_format/2" ->
                arguments.get(1) instanceof Literal format && "yyyy-MM-dd".equals(String.valueOf(format.value()))
                        ? of(arguments.get(0))
                        : null;
            case "date_sub/2" -> sum(of(arguments.get(0)), days(arguments.get(1)), -1);
            case "date_add/2" -> sum(of(arguments.get(0)), days(arguments.get(1)), 1);
            default -> null;
        };
    }

    private static Integer sum(Integer offset, Integer days, int sign) {
        return offset == null || days == null ? null : Integer.valueOf(offset + sign * days);
    }

    private static Integer days(Expression expression) {
        if (!(expression instanceof Literal literal)) {
            return null;
        }
        if (literal.value() instanceof Integer days) {
            return days;
        }
        long day = TimeUnit.DAYS.toMicros(1);
        boolean whole = literal.dataType() instanceof DayTimeIntervalType
                && literal.value() instanceof Long micros
                && micros % day == 0;
        return whole ? Integer.valueOf((int) ((Long) literal.value() / day)) : null;
    }
}
