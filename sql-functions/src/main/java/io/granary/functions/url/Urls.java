package io.granary.functions.url;

import io.granary.functions.TextBytes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The methods behind the {@code url_…} functions, called by the generated code of queries. They take full URLs and targets
 * of requests ({@code /a?b=c}), and never throw. Results are parts of the argument's own bytes where they can be.
 */
public final class Urls {
    /** Receives the pairs of a query in their order, as offsets in the URL; without {@code =} the value is empty. */
    private interface Pairs {
        /** @return whether to go on */
        boolean pair(int name, int nameEnd, int value, int valueEnd);
    }

    private Urls() {}

    /** The path as it was written; null for {@code mailto:} and the like. */
    public static UTF8String path(UTF8String url) {
        return new UrlParts(url).path();
    }

    /** What stands between {@code ?} and {@code #}, as it was written; null without a {@code ?}. */
    public static UTF8String query(UTF8String url) {
        return new UrlParts(url).query();
    }

    /** The host in small letters; null when the URL has none, as a request's target. */
    public static UTF8String host(UTF8String url) {
        return new UrlParts(url).host();
    }

    /** The decoded value of the first parameter of that name; null when there is none. */
    public static UTF8String parameter(UTF8String url, UTF8String name) {
        UTF8String[] found = new UTF8String[1];
        pairs(url, (from, nameEnd, value, to) -> {
            if (PercentText.is(name, url, from, nameEnd)) {
                found[0] = PercentText.decoded(url, value, to);
            }
            return found[0] == null;
        });
        return found[0];
    }

    /** All parameters, decoded; of a name that comes again the first value. */
    public static MapData parameters(UTF8String url) {
        Map<UTF8String, UTF8String> all = new LinkedHashMap<>();
        pairs(url, (from, nameEnd, value, to) -> {
            all.putIfAbsent(PercentText.decoded(url, from, nameEnd), PercentText.decoded(url, value, to));
            return true;
        });
        return new ArrayBasedMapData(
                new GenericArrayData(all.keySet().toArray()),
                new GenericArrayData(all.values().toArray()));
    }

    private static void pairs(UTF8String url, Pairs into) {
        UrlParts parts = new UrlParts(url);
        if (!parts.hasQuery()) {
            return;
        }
        int to = parts.queryEnd();
        for (int from = parts.queryStart(); from < to; ) {
            int next = TextBytes.indexOf(url, '&', from, to);
            int end = next < 0 ? to : next;
            if (end > from) {
                int equals = TextBytes.indexOf(url, '=', from, end);
                int nameEnd = equals < 0 ? end : equals;
                if (!into.pair(from, nameEnd, Math.min(nameEnd + 1, end), end)) {
                    return;
                }
            }
            from = end + 1;
        }
    }
}
