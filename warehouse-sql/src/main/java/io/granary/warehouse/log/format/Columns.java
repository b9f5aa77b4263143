package io.granary.warehouse.log.format;

import java.util.LinkedHashMap;
import java.util.Map;

/** The columns that several formats know, so that a thing has one name and type however it was logged. */
final class Columns {
    /** A column; {@code #} in a label is the position of its slot, in words. */
    record Column(String name, ValueKind kind, String label, boolean required, String description) {}

    private static final String TABLE = """
            client_ip           | TEXT    | client address    | Address of the client.
            user_name           | TEXT    | user name (#)     | User who logged in over HTTP; NULL for '-'.
            identity            | IGNORED | identity (#)      | User by identd.
            event_at            | TIME    | time              | Time of the request.
            request             | REQUEST | request           | First line of the request.
            method              | TEXT    | method            | HTTP method.
            url                 | TEXT    | url               | Requested address, with its query.
            url_path            | TEXT    | path              | Requested address, without its query.
            query               | TEXT    | query             | Query of the requested address.
            protocol            | TEXT    | protocol          | Such as HTTP/1.1.
            status              | STATUS  | status            | HTTP status code.
            bytes               | BYTES   | number of bytes   | Bytes of the answer's body; 0 for '-'.
            bytes_sent          | BYTES   | bytes sent        | Bytes sent, headers included.
            request_bytes       | BYTES   | bytes received    | Bytes of the request, headers included.
            referrer            | TEXT    | referrer          | Page that linked here; NULL for '-'.
            user_agent          | TEXT    | user agent        | Program of the client; NULL for '-'.
            request_seconds     | DOUBLE  | seconds           | Time the request took, in seconds.
            request_millis      | BIGINT  | milliseconds      | Time the request took, in milliseconds.
            request_micros      | BIGINT  | microseconds      | Time the request took, in microseconds.
            request_host        | TEXT    | host              | Host that the client asked for.
            server_name         | TEXT    | server name       | Name of the server that answered.
            server_ip           | TEXT    | server address    | Address of the server.
            server_port         | INT     | server port       | Port of the server.
            client_port         | INT     | client port       | Port of the client.
            peer_ip             | TEXT    | peer address      | Address of the connection, such as a proxy's.
            process_id          | BIGINT  | process id        | Process that answered.
            connection          | BIGINT  | connection        | Number of the connection.
            connection_requests | BIGINT  | requests          | Requests on this connection so far.
            file_name           | TEXT    | file name         | File that was served.
            time_taken          | DOUBLE  | time taken        | Time the request took, as it was logged: IIS milliseconds, others seconds.
            """;

    private static final Map<String, Column> BY_NAME = read();

    private Columns() {}

    /** The column of this name, one of text when it is not in the table. */
    static Column of(String name) {
        return BY_NAME.getOrDefault(name, of(name, ValueKind.TEXT));
    }

    static Column of(String name, ValueKind kind) {
        return new Column(name, kind, name.replace('_', ' '), false, "As the server logged it.");
    }

    private static Map<String, Column> read() {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (String line : TABLE.split("\n")) {
            String[] cells = line.split("\\|");
            String name = cells[0].strip();
            boolean required = name.equals("client_ip") || name.equals("event_at") || name.equals("status");
            columns.put(
                    name,
                    new Column(
                            name, ValueKind.valueOf(cells[1].strip()), cells[2].strip(), required, cells[3].strip()));
        }
        return columns;
    }
}
