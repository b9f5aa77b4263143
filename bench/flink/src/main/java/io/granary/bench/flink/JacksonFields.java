package io.granary.bench.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonFactory;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonParser;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonToken;

/**
 * Flink's own way to read JSON fast: the streaming parser of the Jackson that it brings, as its JSON format uses it. No tree,
 * no object of an event; other values are skipped, and it stops when it has the three fields.
 */
final class JacksonFields implements EventFields {
    private static final String VIEW = "view";
    private static final int WANTED = 3;

    private final JsonFactory factory = new JsonFactory();
    private final IsoTimes times = new IsoTimes();

    @Override
    public boolean read(byte[] bytes, int start, int end, AdView view) {
        try (JsonParser parser = factory.createParser(bytes, start, end - start)) {
            return read(parser, view);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean read(JsonParser parser, AdView view) throws IOException {
        boolean isView = false;
        int found = 0;
        parser.nextToken();
        while (found < WANTED && parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "ad_id" -> view.name = parser.getText();
                case "event_type" -> isView = VIEW.equals(parser.getText());
                case "event_time" ->
                    view.at = times.millis(parser.getTextCharacters(), parser.getTextOffset());
                default -> {
                    parser.skipChildren();
                    found--;
                }
            }
            found++;
        }
        return isView && found == WANTED;
    }
}
