package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.job.WriterColumn;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import org.apache.orc.TypeDescription;

/** ORC schemas by Hive types. */
public final class OrcTypes {
    private OrcTypes() {}

    public static TypeDescription schema(List<WriterColumn> columns) {
        TypeDescription schema = TypeDescription.createStruct();
        columns.forEach(column -> schema.addField(column.name(), type(column)));
        return schema;
    }

    private static TypeDescription type(WriterColumn column) {
        try {
            return TypeDescription.fromString(column.type());
        } catch (IllegalArgumentException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "hdfswriter: column '" + column.name() + "' has type '" + column.type() + "', which ORC has not",
                    e);
        }
    }
}
