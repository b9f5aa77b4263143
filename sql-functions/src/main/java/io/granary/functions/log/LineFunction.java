package io.granary.functions.log;

import io.granary.warehouse.log.format.FormatColumn;
import io.granary.warehouse.log.format.LineFormat;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The generators that read lines, and their columns. */
public enum LineFunction {
    /** {@code parse_chunk}: identity, line, the format's columns, judgement, hour. */
    CHUNK("parse_chunk"),
    /** {@code explode_chunk}: offset, number and line, of no format. */
    SPLIT("explode_chunk"),
    /** {@code log_fields}: the format's columns, judgement, hour. */
    LINE("log_fields"),
    /** {@code json_fields}: the declared columns alone. */
    FIELDS("json_fields");

    private final String sqlName;

    LineFunction(String sqlName) {
        this.sqlName = sqlName;
    }

    String sqlName() {
        return sqlName;
    }

    boolean isOfChunks() {
        return this == CHUNK || this == SPLIT;
    }

    StructType schema(LineFormat format) {
        StructType schema = new StructType();
        if (isOfChunks()) {
            schema = schema.add("line_offset", DataTypes.LongType, false)
                    .add("line_number", DataTypes.LongType, false)
                    .add("line", DataTypes.BinaryType, false);
        }
        if (this == SPLIT) {
            return schema;
        }
        for (FormatColumn column : format.columns()) {
            schema = schema.add(column.name(), DataType.fromDDL(column.type()));
        }
        if (this == FIELDS) {
            return schema;
        }
        return schema.add("reject_reason", DataTypes.StringType)
                .add("skipped", DataTypes.BooleanType, false)
                .add("ds", DataTypes.StringType)
                .add("hh", DataTypes.StringType);
    }

    /** The constant of {@link LineRow} for a column that the format does not have. */
    int column(String name) {
        return switch (name) {
            case "line_offset" -> LineRow.OFFSET;
            case "line_number" -> LineRow.NUMBER;
            case "line" -> LineRow.LINE;
            case "reject_reason" -> LineRow.REASON;
            case "skipped" -> LineRow.SKIPPED;
            case "ds" -> LineRow.DS;
            case "hh" -> LineRow.HH;
            default -> throw new IllegalArgumentException("no column " + name + " in " + sqlName);
        };
    }
}
