package io.granary.ingestion.flume.poll;

import io.granary.warehouse.manifest.Poll;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A line of the journal: {@code {"_sequence":7,"_change_at":"2026-11-01T10:00:00Z", <the row>}}.
 *
 * @param sequence number of the row version, from 1
 * @param row JSON of the row without its opening brace
 */
record ChangeLine(long sequence, String changeAt, byte[] row) {
    private static final String BEGIN = "{\"" + Poll.SEQUENCE + "\":";
    private static final String MIDDLE = ",\"" + Poll.CHANGE_AT + "\":\"";
    private static final String END = "\",";

    /** With its newline. */
    byte[] bytes() {
        ByteArrayOutputStream line = new ByteArrayOutputStream(row.length + 80);
        line.writeBytes((BEGIN + sequence + MIDDLE + changeAt + END).getBytes(StandardCharsets.UTF_8));
        line.writeBytes(row);
        line.write('\n');
        return line.toByteArray();
    }

    /** @throws IOException when the line is none that {@link #bytes} gave */
    static ChangeLine of(byte[] line) throws IOException {
        String head = new String(line, 0, Math.min(line.length, 160), StandardCharsets.ISO_8859_1);
        int middle = head.indexOf(MIDDLE);
        int end = head.indexOf(END, middle + MIDDLE.length());
        try {
            if (head.startsWith(BEGIN) && middle > 0 && end > 0) {
                return new ChangeLine(
                        Long.parseLong(head.substring(BEGIN.length(), middle)),
                        head.substring(middle + MIDDLE.length(), end),
                        Arrays.copyOfRange(line, end + END.length(), line.length));
            }
        } catch (NumberFormatException e) {
            throw new IOException("a line of the journal has no number: " + head, e);
        }
        throw new IOException("a line of the journal is none of the agent's: " + head);
    }
}
