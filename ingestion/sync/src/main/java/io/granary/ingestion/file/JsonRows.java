package io.granary.ingestion.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Rows of JSON, an object a line. */
final class JsonRows implements RowText {
    private static final int LONGEST_LINE = 16 << 20;
    static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readerFor(JsonNode.class);

    private final List<String> columns;

    JsonRows(List<String> columns) {
        this.columns = columns;
    }

    @Override
    public void read(String name, InputStream in, Rows rows) throws IOException {
        Reader reader = RowText.characters(in, StandardCharsets.UTF_8);
        StringBuilder line = new StringBuilder();
        long number = 1;
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (c == '\n') {
                take(number++, line, rows);
                line.setLength(0);
            } else if (line.length() == LONGEST_LINE) {
                throw new GranaryException(
                        ErrorCode.DATA, name + ", line " + number + " has more than " + LONGEST_LINE + " characters");
            } else {
                line.append((char) c);
            }
        }
        take(number, line, rows);
    }

    private void take(long number, StringBuilder text, Rows rows) {
        String line = text.toString().strip();
        if (line.isEmpty()) {
            return;
        }
        JsonNode row;
        try {
            row = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            rows.refused(number, line, "it is no JSON: " + e.getOriginalMessage());
            return;
        }
        if (!row.isObject()) {
            rows.refused(number, line, "it is JSON, but no object");
            return;
        }
        rows.row(number, cells(row, columns, rows));
    }

    /** Values of an object as text, in the order of the columns. */
    static String[] cells(JsonNode row, List<String> columns, Rows rows) {
        String[] cells = new String[columns.size()];
        row.fields().forEachRemaining(field -> {
            int at = columns.indexOf(field.getKey());
            if (at < 0) {
                rows.ignored("key '" + field.getKey() + "'");
            } else if (!field.getValue().isNull()) {
                JsonNode value = field.getValue();
                cells[at] = value.isContainerNode() ? value.toString() : value.asText();
            }
        });
        return cells;
    }
}
