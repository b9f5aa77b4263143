package io.granary.functions.sketch;

import io.granary.functions.SqlFunction;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;

/** The functions over sketches. */
public final class SketchFunctions {
    public static final List<SqlFunction> ALL = List.of(SqlFunction.of(
            "sketch_place",
            "sketch_place(member): where a HyperLogLog of Redis puts a member: 64 times the register, and the rank",
            RedisSketch.class,
            "place",
            DataTypes.IntegerType,
            DataTypes.StringType));

    private SketchFunctions() {}
}
