package io.granary.functions;

import java.util.List;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.types.DataTypes;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** Granary's SQL functions, for every session alike: {@code spark.sql.extensions=io.granary.functions.GranaryExtensions}. */
public final class GranaryExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    /** One entry a function, by subject. */
    private static final List<SqlFunction> FUNCTIONS = List.of(
            new SqlFunction(
                    "explode_chunk",
                    "explode_chunk(body, start, first_line, mark): one row (line_offset, line_number, line) per line at or above mark",
                    4,
                    ExplodeChunk.class,
                    ExplodeChunk::of),
            SqlFunction.of(
                    "parse_combined",
                    "parse_combined(line): the fields of a line in the combined log format, reject_reason when it is not one",
                    CombinedLine.class,
                    "parse",
                    CombinedLine.SCHEMA,
                    DataTypes.BinaryType));

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        FUNCTIONS.forEach(function -> function.register(extensions));
        return BoxedUnit.UNIT;
    }
}
