package io.granary.ingestion.flume;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.flume.Event;
import org.apache.flume.event.EventBuilder;

/** Makes Flume's events of pieces and heartbeats, with the headers of docs/contracts.md, section 6. */
final class Records {
    /** The {@code host} of files that a person put into the inbox. */
    static final String INBOX = "inbox";

    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("'dt='uuuu-MM-dd'/hh='HH").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HEARTBEATS =
            DateTimeFormatter.ofPattern("'_heartbeats/dt='uuuu-MM-dd").withZone(ZoneOffset.UTC);

    private final TailSettings settings;

    Records(TailSettings settings) {
        this.settings = settings;
    }

    /** @param collectedAt milliseconds since 1970 */
    Event of(Piece piece, long collectedAt) {
        Map<String, String> headers = common(piece.kind(), piece.inbox(), piece.partition(), collectedAt, HOUR);
        headers.put("key", headers.get("host") + "/" + piece.id());
        headers.put("site", piece.site());
        headers.put("file", piece.id());
        headers.put("start", Long.toString(piece.start()));
        headers.put("end", Long.toString(piece.end()));
        headers.put("first_line", Long.toString(piece.firstLine()));
        headers.put("lines", Long.toString(piece.lines()));
        return EventBuilder.withBody(piece.body(), headers);
    }

    /**
     * A heartbeat.
     *
     * @param agent id of the agent's run
     * @param sequence from 1
     */
    Event heartbeat(long agent, long sequence, int partition, byte[] body, long collectedAt) {
        Map<String, String> headers = common(Piece.Kind.HEARTBEAT, false, partition, collectedAt, HEARTBEATS);
        headers.put("key", settings.host());
        headers.put("agent", Long.toString(agent));
        headers.put("sequence", Long.toString(sequence));
        return EventBuilder.withBody(body, headers);
    }

    private Map<String, String> common(
            Piece.Kind kind, boolean inbox, int partition, long collectedAt, DateTimeFormatter landing) {
        String at = Long.toString(collectedAt);
        Map<String, String> headers = new HashMap<>(32);
        headers.put("kind", kind.name().toLowerCase(Locale.ROOT));
        headers.put("source", settings.source());
        headers.put("region", settings.region());
        headers.put("host", inbox ? INBOX : settings.host());
        headers.put("collected_at", at);
        headers.put("timestamp", at);
        headers.put("partition", Integer.toString(partition));
        headers.put("landing", landing.format(Instant.ofEpochMilli(collectedAt)));
        return headers;
    }
}
