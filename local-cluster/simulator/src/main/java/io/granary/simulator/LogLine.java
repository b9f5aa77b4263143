package io.granary.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The text of a log line, without its line ending. */
final class LogLine {
    private static final DateTimeFormatter CLF_TIME = DateTimeFormatter.ofPattern(
                    "dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    private LogLine() {}

    /** Apache's combined format. */
    static String combined(SiteEvent.Request r) {
        return r.visitor().clientIp() + " - "
                + (r.visitor().userId() == null ? "-" : "user-" + r.visitor().userId())
                + " [" + CLF_TIME.format(r.at()) + "] \"" + r.method() + " " + r.url() + " HTTP/1.1\" " + r.status()
                + " "
                + (r.bytes() == 0 ? "-" : Long.toString(r.bytes())) + " \""
                + (r.referrer() == null ? "-" : r.referrer()) + "\" \""
                + r.visitor().userAgent() + "\"";
    }

    /** One JSON object. */
    static String json(String site, SiteEvent.AdEvent e) {
        ObjectNode o = JSON.createObjectNode();
        o.put("event_id", e.id());
        o.put("event_type", e.type());
        o.put("event_at", ISO.format(e.at()));
        o.put("site", site);
        o.put("campaign_id", "c" + e.campaign());
        o.put("creative_id", "cr" + e.creative());
        o.put("position_id", e.position());
        o.put("visitor_id", e.visitor().cookie());
        o.put(
                "user_id",
                e.visitor().userId() == null ? null : Long.toString(e.visitor().userId()));
        o.put("client_ip", e.visitor().clientIp());
        o.put("user_agent", e.visitor().userAgent());
        try {
            return JSON.writeValueAsString(o);
        } catch (JsonProcessingException fault) {
            throw new IllegalStateException(fault);
        }
    }
}
