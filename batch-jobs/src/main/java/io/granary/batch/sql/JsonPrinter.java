package io.granary.batch.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** One array of objects, a row on each line; numbers with all their digits, a column name that comes twice gets {@code _2}. */
final class JsonPrinter extends ResultPrinter {
    private static final JsonFactory JSON = new JsonFactory();

    private final List<String> names = new ArrayList<>();

    JsonPrinter(PrintStream out) {
        super(out);
    }

    @Override
    void begin() {
        for (var column : columns()) {
            String name = column.name();
            for (int n = 2; names.contains(name); n++) {
                name = column.name() + "_" + n;
            }
            names.add(name);
        }
        out().print("[");
    }

    @Override
    void print(List<Object> cells) {
        StringWriter row = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(row)) {
            json.writeStartObject();
            for (int i = 0; i < cells.size(); i++) {
                json.writeFieldName(names.get(i));
                write(json, cells.get(i));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "a row cannot be written as JSON: " + e.getMessage(), e);
        }
        out().print((rows() == 1 ? "\n" : ",\n") + row);
    }

    private static void write(JsonGenerator json, Object cell) throws IOException {
        if (cell == null) {
            json.writeNull();
        } else if (cell instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (cell instanceof BigDecimal decimal) {
            json.writeNumber(decimal.toPlainString());
        } else if (cell instanceof Number number && Double.isFinite(number.doubleValue())) {
            json.writeNumber(number.toString());
        } else {
            json.writeString(Cells.text(cell));
        }
    }

    @Override
    void finish() {
        out().print(rows() == 0 ? "]\n" : "\n]\n");
    }
}
