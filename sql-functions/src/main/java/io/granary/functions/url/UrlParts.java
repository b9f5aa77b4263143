package io.granary.functions.url;

import io.granary.functions.TextBytes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Where the parts of a URL, or of the target of a request, begin and end: offsets in its bytes, by RFC 3986 without its
 * checks. A text that begins with {@code /} is a request's target: it has no host, {@code //x/y} is a path.
 */
final class UrlParts {
    private final UTF8String url;
    private final int end;
    /** Behind {@code ://}, -1 when there is no authority. */
    private final int authority;

    private final int path;
    private final int pathEnd;
    private final boolean isOpaque;

    UrlParts(UTF8String url) {
        this.url = url;
        int fragment = TextBytes.indexOf(url, '#', 0, url.numBytes());
        end = fragment < 0 ? url.numBytes() : fragment;
        int scheme = schemeEnd();
        boolean hasAuthority = scheme >= 0 && is('/', scheme + 1) && is('/', scheme + 2);
        isOpaque = scheme >= 0 && !is('/', scheme + 1);
        authority = hasAuthority ? scheme + 3 : -1;
        path = hasAuthority ? endOf(authority, true) : scheme + 1;
        pathEnd = endOf(path, false);
    }

    /** Null when the URL is a scheme and something else than a path, as in {@code mailto:}. */
    UTF8String path() {
        return isOpaque ? null : TextBytes.slice(url, path, pathEnd);
    }

    boolean hasQuery() {
        return !isOpaque && pathEnd < end;
    }

    /** Null when there is no question mark. */
    UTF8String query() {
        return hasQuery() ? TextBytes.slice(url, pathEnd + 1, end) : null;
    }

    int queryStart() {
        return pathEnd + 1;
    }

    int queryEnd() {
        return end;
    }

    /** In small letters, without user and port, an IPv6 address in its brackets; null when there is none. */
    UTF8String host() {
        if (authority < 0) {
            return null;
        }
        int from = authority;
        for (int i = authority; i < path; i++) {
            if (TextBytes.at(url, i) == '@') {
                from = i + 1;
            }
        }
        int to = from;
        if (is('[', from)) {
            int close = TextBytes.indexOf(url, ']', from, path);
            to = close < 0 ? path : close + 1;
        } else {
            int colon = TextBytes.indexOf(url, ':', from, path);
            to = colon < 0 ? path : colon;
        }
        return from == to ? null : inSmallLetters(from, to);
    }

    private UTF8String inSmallLetters(int from, int to) {
        boolean isSmall = true;
        for (int i = from; i < to && isSmall; i++) {
            isSmall = !isCapital(TextBytes.at(url, i));
        }
        if (isSmall) {
            return TextBytes.slice(url, from, to);
        }
        byte[] small = new byte[to - from];
        for (int i = from; i < to; i++) {
            byte b = TextBytes.at(url, i);
            small[i - from] = isCapital(b) ? (byte) (b + 'a' - 'A') : b;
        }
        return UTF8String.fromBytes(small);
    }

    /** Index of the colon behind a scheme; -1 when there is none. */
    private int schemeEnd() {
        for (int i = 0; i < end; i++) {
            byte b = TextBytes.at(url, i);
            boolean isLetter = b >= 'a' && b <= 'z' || isCapital(b);
            boolean isOther = b >= '0' && b <= '9' || b == '+' || b == '-' || b == '.';
            if (b == ':' && i > 0) {
                return i;
            }
            if (!isLetter && !(isOther && i > 0)) {
                return -1;
            }
        }
        return -1;
    }

    private int endOf(int from, boolean atSlash) {
        for (int i = from; i < end; i++) {
            byte b = TextBytes.at(url, i);
            if (b == '?' || atSlash && b == '/') {
                return i;
            }
        }
        return end;
    }

    private boolean is(char wanted, int at) {
        return at < end && TextBytes.at(url, at) == wanted;
    }

    private static boolean isCapital(byte b) {
        return b >= 'A' && b <= 'Z';
    }
}
