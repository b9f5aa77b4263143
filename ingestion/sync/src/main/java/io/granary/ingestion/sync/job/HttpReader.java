package io.granary.ingestion.sync.job;

import java.util.List;
import java.util.Map;

/**
 * {@code httpreader}, which DataX has not: rows of what GET answers, an address being a part. Its keys are those of Addax's
 * httpreader where that has them.
 *
 * @param url {@code http} and {@code https} addresses
 * @param headers sent along; a value that is secret is a reference such as {@code ${env:TOKEN}}
 * @param username for basic authentication, or null
 * @param password a {@link PasswordReference}, or null without username
 * @param format {@code csv} (default), {@code json} (an array of objects) or {@code jsonl} (an object a line)
 * @param resultKey where in a JSON answer the rows are, such as {@code data.items}; null: the answer itself
 * @param timeout milliseconds to connect and between bytes, 60,000 unless set
 * @param column of csv by index, of json by name; empty: all columns of csv as text
 */
public record HttpReader(
        List<String> url,
        Map<String, String> headers,
        String username,
        String password,
        String format,
        String resultKey,
        Integer timeout,
        List<ReaderColumn> column,
        TextKeys text)
        implements DataxJob.Reader {
    public static final String NAME = "httpreader";
    private static final int TIMEOUT_MILLIS = 60_000;

    public HttpReader {
        url = Required.list(NAME, "url", url);
        headers = headers == null ? Map.of() : Map.copyOf(headers);
        headers.forEach((name, value) -> PasswordReference.checkHeader(NAME, name, value));
        if (username == null) {
            Required.absent(NAME, "password", password == null ? null : "x", "there is no username");
        } else {
            PasswordReference.check(NAME, password);
        }
        format = format == null ? "csv" : Required.lower(format);
        Required.oneOf(NAME, "format", format, "csv", "json", "jsonl");
        Required.absent(NAME, "resultKey", format.equals("json") ? null : resultKey, "format is " + format);
        timeout = timeout == null ? TIMEOUT_MILLIS : timeout;
        Required.positive(NAME, "timeout", timeout);
        column = Required.columns(NAME, column);
        text.format(NAME);
    }

    @Override
    public String plugin() {
        return NAME;
    }

    /** How rows stand in an answer of format csv. */
    public TextFormat textFormat() {
        return text.format(NAME);
    }
}
