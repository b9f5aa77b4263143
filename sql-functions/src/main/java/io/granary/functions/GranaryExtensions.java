package io.granary.functions;

import io.granary.functions.agent.AgentFunctions;
import io.granary.functions.ip.IpFunctions;
import io.granary.functions.url.UrlFunctions;
import java.util.List;
import java.util.stream.Stream;
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
        Stream.of(FUNCTIONS, UrlFunctions.ALL, AgentFunctions.ALL, IpFunctions.ALL)
                .flatMap(List::stream)
                .forEach(function -> function.register(extensions));
        return BoxedUnit.UNIT;
    }
}
