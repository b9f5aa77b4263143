package io.granary.functions.log;

import io.granary.functions.SqlFunction;
import io.granary.warehouse.log.format.LineFormat;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Cast$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** The functions of this package for SQL. */
public final class LogFunctions {
    private static final DataType INTERVALS = DataTypes.createArrayType(
            new StructType().add("start_offset", DataTypes.LongType).add("end_offset", DataTypes.LongType));

    /** In the order in which documentation names them. */
    public static final List<SqlFunction> ALL = List.of(
            new SqlFunction(
                    "parse_chunk",
                    "parse_chunk(body, start, first_line, mark, known, format, zone): one row per line of a chunk: line_offset,"
                            + " line_number, line, the format's columns, reject_reason, skipped, ds, hh",
                    7,
                    LineRows.class,
                    LogFunctions::parseChunk),
            new SqlFunction(
                    "log_fields",
                    "log_fields(line, format, zone): a row of the format's columns, reject_reason, skipped, ds, hh",
                    3,
                    LineRows.class,
                    LogFunctions::logFields),
            new SqlFunction(
                    "json_fields",
                    "json_fields(line, 'a string, b bigint'): a row of these fields of a JSON object",
                    2,
                    LineRows.class,
                    LogFunctions::jsonFields),
            new SqlFunction(
                    "parse_log",
                    "parse_log(line, format): a struct of the format's columns and reject_reason",
                    2,
                    LineParser.class,
                    arguments -> parse(arguments.get(0), text("parse_log", "format", arguments.get(1)))),
            new SqlFunction(
                    "parse_combined",
                    "parse_combined(line): the fields of a line in the combined log format, reject_reason when it is not one",
                    1,
                    LineParser.class,
                    arguments -> parse(arguments.get(0), "combined")),
            new SqlFunction(
                    "explode_chunk",
                    "explode_chunk(body, start, first_line, mark): one row (line_offset, line_number, line) per line at or above mark",
                    4,
                    LineRows.class,
                    LogFunctions::explodeChunk));

    private LogFunctions() {}

    private static Expression parseChunk(List<Expression> arguments) {
        List<Expression> chunk = chunk(binary(arguments.get(0)), arguments, arguments.get(4));
        return rows(LineFunction.CHUNK, chunk, arguments.get(5), arguments.get(6));
    }

    private static Expression explodeChunk(List<Expression> arguments) {
        List<Expression> chunk = chunk(arguments.get(0), arguments, new Literal(null, DataTypes.NullType));
        String unread = "common";
        return new LineRows(
                LineFunction.SPLIT, seq(chunk), unread, "UTC", LineFunction.SPLIT.schema(LineFormat.of(unread)));
    }

    private static List<Expression> chunk(Expression body, List<Expression> arguments, Expression known) {
        return List.of(
                body,
                cast(arguments.get(1), DataTypes.LongType),
                cast(arguments.get(2), DataTypes.LongType),
                cast(arguments.get(3), DataTypes.LongType),
                cast(known, INTERVALS));
    }

    private static Expression logFields(List<Expression> arguments) {
        return rows(LineFunction.LINE, List.of(binary(arguments.get(0))), arguments.get(1), arguments.get(2));
    }

    private static Expression jsonFields(List<Expression> arguments) {
        String columns = text("json_fields", "columns", arguments.get(1));
        String format = "json: " + columns;
        return new LineRows(
                LineFunction.FIELDS,
                seq(List.of(binary(arguments.get(0)))),
                format,
                "UTC",
                LineFunction.FIELDS.schema(LineFormat.of(format)));
    }

    private static LineRows rows(
            LineFunction function, List<Expression> values, Expression formatArgument, Expression zoneArgument) {
        String format = text(function.sqlName(), "format", formatArgument);
        String zone = text(function.sqlName(), "zone", zoneArgument);
        java.time.ZoneId.of(zone);
        return new LineRows(function, seq(values), format, zone, function.schema(LineFormat.of(format)));
    }

    private static Expression parse(Expression line, String format) {
        LineParser parser = new LineParser(format);
        return new Invoke(
                new Literal(parser, new ObjectType(LineParser.class)),
                "parse",
                parser.schema(),
                seq(List.of(binary(line))),
                seq(List.<AbstractDataType>of(DataTypes.BinaryType)),
                true,
                true,
                true);
    }

    private static String text(String function, String argument, Expression value) {
        if (!value.foldable() || !value.dataType().equals(DataTypes.StringType)) {
            throw new IllegalArgumentException(
                    function + " needs its " + argument + " as text that is written in the query, not " + value.sql());
        }
        return String.valueOf(value.eval(null));
    }

    /** Text is its bytes; the optimizer takes the cast away where it does nothing. */
    private static Expression binary(Expression line) {
        return cast(line, DataTypes.BinaryType);
    }

    private static Expression cast(Expression argument, DataType type) {
        return Cast$.MODULE$.apply(argument, type, false);
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toSeq();
    }
}
