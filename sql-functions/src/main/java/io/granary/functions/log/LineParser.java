package io.granary.functions.log;

import io.granary.warehouse.log.format.FormatColumn;
import io.granary.warehouse.log.format.LineFormat;
import java.io.Serializable;
import java.time.ZoneOffset;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * {@code parse_log(line, format)}: a line as a struct of the format's columns and {@code reject_reason}. All columns of a
 * line that is rejected are NULL.
 */
public final class LineParser implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String format;
    private final StructType schema;
    private transient ThreadLocal<LineRow> rows;

    /** @param format as {@link LineFormat#of} reads it */
    public LineParser(String format) {
        this.format = format;
        StructType columns = new StructType();
        for (FormatColumn column : LineFormat.of(format).columns()) {
            columns = columns.add(column.name(), DataType.fromDDL(column.type()));
        }
        schema = columns.add("reject_reason", DataTypes.StringType);
    }

    public StructType schema() {
        return schema;
    }

    /** Called by the generated code of queries; {@code line} is without its line end and is not null. */
    public InternalRow parse(byte[] line) {
        LineRow row = rows().get();
        row.line(line, 0, line.length, 0, 1);
        Object[] values = new Object[schema.length()];
        int last = values.length - 1;
        if (row.isNullAt(last)) {
            for (int i = 0; i < last; i++) {
                values[i] = row.get(i, schema.fields()[i].dataType());
            }
        } else {
            values[last] = row.getUTF8String(last);
        }
        return new GenericInternalRow(values);
    }

    private synchronized ThreadLocal<LineRow> rows() {
        if (rows == null) {
            LineFormat compiled = LineFormat.of(format);
            rows = ThreadLocal.withInitial(() -> LineRows.row(compiled, ZoneOffset.UTC, schema, LineFunction.LINE));
        }
        return rows;
    }
}
