package io.granary.ingestion.sync.redis;

import io.granary.ingestion.sync.row.CellText;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.orc.TypeDescription;

/** The cells of a column as {@link CellText} in UTF-8. */
final class AttributeText {
    private final TypeDescription type;
    private final boolean text;

    /** @throws GranaryException when the type has no form as text: a list, a map, a struct */
    AttributeText(String column, TypeDescription type) {
        if (!type.getCategory().isPrimitive()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "column " + column + " is " + type + ", which has no form as text. Make a text of it in the model,"
                            + " or leave it out.");
        }
        this.type = type;
        this.text = switch (type.getCategory()) {
            case STRING, VARCHAR, CHAR -> true;
            default -> false;
        };
    }

    /** The value in a row of a batch, or null when it is NULL. */
    byte[] utf8(ColumnVector vector, int row) {
        int at = vector.isRepeating ? 0 : row;
        if (!vector.noNulls && vector.isNull[at]) {
            return null;
        }
        if (text) {
            BytesColumnVector bytes = (BytesColumnVector) vector;
            return Arrays.copyOfRange(bytes.vector[at], bytes.start[at], bytes.start[at] + bytes.length[at]);
        }
        return CellText.of(type, vector, at).getBytes(StandardCharsets.UTF_8);
    }
}
