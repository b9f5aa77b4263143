package io.granary.ingestion.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Rows of one JSON document: an array of objects, or one object, perhaps deep inside; read one after the other. */
final class JsonDocument implements RowText {
    private static final ObjectReader JSON = JsonRows.JSON.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final List<String> columns;
    private final List<String> path;

    /** @param resultKey where the rows are, such as {@code data.items}; null: the document itself */
    JsonDocument(List<String> columns, String resultKey) {
        this.columns = columns;
        this.path = resultKey == null ? List.of() : List.of(resultKey.split("\\."));
    }

    @Override
    public void read(String name, InputStream in, Rows rows) throws IOException {
        try (JsonParser parser = JSON.createParser(in)) {
            parser.nextToken();
            for (String key : path) {
                enter(name, parser, key);
            }
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                take(parser, rows);
                return;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                take(parser, rows);
            }
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.DATA, name + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void enter(String name, JsonParser parser, String key) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals(key);
                parser.nextToken();
                if (found) {
                    return;
                }
                parser.skipChildren();
            }
        }
        throw new GranaryException(ErrorCode.DATA, name + " has no key '" + key + "' where resultKey looks for it");
    }

    private void take(JsonParser parser, Rows rows) throws IOException {
        long line = parser.currentLocation().getLineNr();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            rows.refused(line, String.valueOf(parser.getText()), "it is JSON, but no object");
            parser.skipChildren();
            return;
        }
        JsonNode row = JSON.readTree(parser);
        rows.row(line, JsonRows.cells(row, columns, rows));
    }
}
