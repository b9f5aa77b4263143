package io.granary.warehouse.project;

import io.granary.warehouse.manifest.ColumnNode;
import java.util.List;

/** The columns of {@code format: combined}: Apache's and nginx's combined access log (docs/contracts.md, section 7). */
public final class CombinedFormat {
    public static final String EVENT_TIME = "event_at";

    public static final List<ColumnNode> COLUMNS = List.of(
            new ColumnNode("client_ip", "string", true, "Address of the client."),
            new ColumnNode("user_name", "string", false, "User who logged in over HTTP; NULL for '-'."),
            new ColumnNode(EVENT_TIME, "timestamp", true, "Time of the request."),
            new ColumnNode("method", "string", false, "HTTP method."),
            new ColumnNode("url", "string", false, "Requested address, with its query."),
            new ColumnNode("protocol", "string", false, "Such as HTTP/1.1."),
            new ColumnNode("status", "int", true, "HTTP status code."),
            new ColumnNode("bytes", "bigint", false, "Bytes of the answer's body; 0 for '-'."),
            new ColumnNode("referrer", "string", false, "Page that linked here; NULL for '-'."),
            new ColumnNode("user_agent", "string", false, "Program of the client; NULL for '-'."));

    private CombinedFormat() {}
}
