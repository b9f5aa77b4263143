package io.granary.batch.submit;

import java.sql.Date;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.HiveResult;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.Tuple2;

/**
 * Cells as the Hive JDBC driver gives them: a timestamp is the wall clock of the session's time zone (UTC), a float is a
 * double of the same digits, a nested value and an interval are text. Made and used while the session is the thread's active one.
 */
final class CellsAsJdbc {
    private final DataType[] types;
    private final HiveResult.TimeFormatters formats = HiveResult.getTimeFormatters();

    CellsAsJdbc(StructType schema) {
        this.types = Arrays.stream(schema.fields()).map(StructField::dataType).toArray(DataType[]::new);
    }

    List<Object> of(Row row) {
        List<Object> cells = new ArrayList<>(types.length);
        for (int i = 0; i < types.length; i++) {
            cells.add(row.isNullAt(i) ? null : cell(row.get(i), types[i]));
        }
        return cells;
    }

    private Object cell(Object value, DataType type) {
        if (type instanceof FloatType) {
            return Double.valueOf(value.toString());
        }
        if (type instanceof TimestampType || type instanceof TimestampNTZType) {
            return Timestamp.valueOf(text(value, type));
        }
        if (type instanceof DateType) {
            return Date.valueOf(text(value, type));
        }
        boolean asItIs = type instanceof NumericType
                || type instanceof StringType
                || type instanceof BooleanType
                || type instanceof BinaryType;
        return asItIs ? value : text(value, type);
    }

    private String text(Object value, DataType type) {
        return HiveResult.toHiveString(new Tuple2<>(value, type), false, formats);
    }
}
