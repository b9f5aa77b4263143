package io.granary.functions.log;

import java.nio.charset.StandardCharsets;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The first line of a request: {@code METHOD url PROTOCOL}, or {@code METHOD /url} (HTTP/0.9, protocol NULL). Any other,
 * such as garbage that a scanner sent, keeps the line: method and protocol are NULL and url is the text of the request.
 */
final class RequestLine {
    private static final byte[] HTTP = "HTTP/".getBytes(StandardCharsets.US_ASCII);

    private boolean isRead;
    private int methodEnd;
    private int urlEnd;

    void forget() {
        isRead = false;
    }

    /** @param part 0 method, 1 url, 2 protocol */
    UTF8String part(byte[] line, int from, int to, int part, TextValues values) {
        if (!isRead) {
            isRead = true;
            read(line, from, to);
        }
        if (methodEnd < 0) {
            return part == 1 ? values.text(from, to, false) : null;
        }
        return switch (part) {
            case 0 -> values.text(from, methodEnd, false);
            case 1 -> values.text(methodEnd + 1, urlEnd, false);
            default -> urlEnd == to ? null : values.text(urlEnd + 1, to, false);
        };
    }

    private void read(byte[] line, int from, int to) {
        int end = from;
        while (end < to && line[end] >= 'A' && line[end] <= 'Z') {
            end++;
        }
        methodEnd = -1;
        if (end == from || end + 1 >= to || line[end] != ' ') {
            return;
        }
        int blank = to - 1;
        while (line[blank] != ' ') {
            blank--;
        }
        if (blank > end + 1 && isProtocol(line, blank + 1, to)) {
            methodEnd = end;
            urlEnd = blank;
        } else if (blank == end && !isProtocol(line, end + 1, to)) {
            methodEnd = end;
            urlEnd = to;
        }
    }

    private static boolean isProtocol(byte[] line, int from, int to) {
        return to - from > HTTP.length && Bytes.startsWith(line, from, to, HTTP);
    }
}
