package io.granary.functions.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.log.format.LineFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of formats other than combined and JSON. The columns are compared as text, joined by {@code |}. */
class TextLineTest {
    private static final String W3C = "w3c: date time c-ip cs-username cs-method cs-uri-stem cs-uri-query sc-status"
            + " sc-bytes time-taken cs(User-Agent)";
    private static final String NGINX =
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
                    + " \"$http_referer\" \"$http_user_agent\" $request_time $upstream_response_time \"$http_x_forwarded_for\"";
    private static final String NGINX_JSON = "escape=json {\"time\":\"$time_iso8601\",\"ip\":\"$remote_addr\","
            + "\"user\":\"$remote_user\",\"request\":\"$request\",\"status\":$status,\"agent\":\"$http_user_agent\"}";

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            quoteCharacter = '\0',
            value = {
                "%h %l %u %t \"%r\" %>s %b %D %T"
                        + " ~ ::1 - - [17/May/2015:10:05:03 +0200] \"GET /x HTTP/1.1\" 200 - 1500 0"
                        + " ~ ::1|null|2015-05-17T08:05:03Z|GET|/x|HTTP/1.1|200|0|1500|0.0",
                "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\""
                        + " ~ www.x.org:443 1.2.3.4 - ann [17/May/2015:10:05:03 +0000] \"POST /y\" 302 77 \"-\" \"curl\""
                        + " ~ www.x.org|443|1.2.3.4|ann|2015-05-17T10:05:03Z|POST|/y|null|302|77|null|curl",
                "%h %{%Y-%m-%d %H:%M:%S}t.%{msec_frac}t %>s ~ 1.2.3.4 2015-05-17 10:05:03.250 200"
                        + " ~ 1.2.3.4|2015-05-17T10:05:03.250Z|200",
                "[%{%d/%b/%Y %T}t.%{usec_frac}t %{%z}t] %h ~ [17/May/2015 10:05:03.000250 -0100] 1.2.3.4"
                        + " ~ 2015-05-17T11:05:03.000250Z|1.2.3.4",
                "%{sec}t %h ~ 1431857103 1.2.3.4 ~ 2015-05-17T10:05:03Z|1.2.3.4",
                "%{msec}t\\t%h\\t%{X-A}i ~ 1431857103007\t1.2.3.4\ta b ~ 2015-05-17T10:05:03.007Z|1.2.3.4|a b",
            })
    void apache(String format, String line, String values) {
        assertThat(values(format, line)).isEqualTo(values);
    }

    @Test
    void nginx() {
        assertThat(values(
                        NGINX,
                        "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET /x?a=\\x22b\\x22 HTTP/2.0\" 200 612 \"-\""
                                + " \"Mozilla/5.0 (X11)\" 0.250 0.001, 0.249 \"5.6.7.8, 9.9.9.9\""))
                .isEqualTo(
                        "1.2.3.4|null|2015-05-17T10:05:03Z|GET|/x?a=\"b\"|HTTP/2.0|200|612|null|Mozilla/5.0 (X11)|0.25"
                                + "|0.001, 0.249|5.6.7.8, 9.9.9.9");
        assertThat(values(
                        NGINX_JSON,
                        "{\"time\":\"2015-05-17T10:05:03+02:00\",\"ip\":\"1.2.3.4\",\"user\":\"\","
                                + "\"request\":\"GET /\\\"a\\\" HTTP/1.1\",\"status\":200,\"agent\":\"a\\u00e9b\"}"))
                .isEqualTo("2015-05-17T08:05:03Z|1.2.3.4|null|GET|/\"a\"|HTTP/1.1|200|aéb");
        assertThat(values("escape=none $msec|$status|$http_user_agent", "1431857103.250|200|a \"quoted\" | one"))
                .isEqualTo("2015-05-17T10:05:03.250Z|200|a \"quoted\" | one");
        assertThat(values("$time_iso8601 $status \"$request\" $request_time", "2015-05-17T10:05:03Z 200 \"\" -"))
                .isEqualTo("2015-05-17T10:05:03Z|200|null||null|null");
    }

    @Test
    void w3c() {
        assertThat(values(
                        W3C, "2015-05-17 10:05:03 1.2.3.4 DOM+user GET /a+b q=1+2 200 512 46 Mozilla/5.0+(X11;+Linux)"))
                .isEqualTo(
                        "2015-05-17T10:05:03Z|1.2.3.4|DOM user|GET|/a+b|q=1+2|200|512|46.0|Mozilla/5.0 (X11; Linux)");
        assertThat(values(W3C, "2015-05-17\t10:05:03.5\t-\t-\t-\t-\t-\t-\t-\t-\t\"a \"\"b\"\" c\""))
                .isEqualTo("2015-05-17T10:05:03.500Z|null|null|null|null|null|null|0|null|a \"b\" c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            quoteCharacter = '\0',
            value = {
                "w3c: date time c-ip ~ 2015-05-17 10:05:03 ~ client address is missing",
                "w3c: date time c-ip ~ 2015-05-17 10:05:03 1.2.3.4 x ~ text after the client address, where a line of the w3c"
                        + " format ends: 'x'",
                "w3c: date time c-ip ~ 2015-05-32 10:05:03 1.2.3.4 ~ date is not with its time of the form 2015-05-17"
                        + " 10:05:03: '2015-05-32'",
                "w3c: date time x-a ~ 2015-05-17 10:05:03 \"a ~ x a has no closing quote",
                "w3c: date time c-ip ~ #Fields: date time s-ip ~ directive #Fields names other fields than the format:"
                        + " ' date time s-ip'",
                "w3c: date time c-ip ~ #Fields: date time c-ip ~ skipped",
                "w3c: date time c-ip ~ #Software: Microsoft Internet Information Services 10.0 ~ skipped",
                "common ~ 1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" ~ text after the number of"
                        + " bytes, where a line of the common format ends: ' \"-\"'",
                "$remote_addr [$time_local] $request_time ~ 1.2.3.4 [17/May/2015:10:05:03 +0000] soon ~ seconds is not a"
                        + " number: 'soon'",
                "$msec $status ~ yesterday 200 ~ time is not of the form 1431857103.000 (seconds since 1970): 'yesterday'",
                "<$msec> $status ~ 1431857103 200 ~ time is missing",
            })
    void rejectsInWords(String format, String line, String reason) {
        LineRow row = row(format);
        row.line(bytes(line), 0, bytes(line).length, 0, 1);
        int skipped = row.numFields() - 3;
        assertThat(row.getBoolean(skipped)).isEqualTo(reason.equals("skipped"));
        assertThat(
                        row.isNullAt(skipped - 1)
                                ? "skipped"
                                : row.getUTF8String(skipped - 1).toString())
                .isEqualTo(reason);
        assertThat(row.isNullAt(skipped + 1)).as("ds").isTrue();
    }

    @Test
    void aLineWithAFaultHasTheValuesInFrontOfIt() {
        LineRow row = row("combined");
        byte[] line = bytes("1.2.3.4 - ann [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 20x 5 \"-\" \"unclosed");
        row.line(line, 0, line.length, 0, 1);

        assertThat(row.getUTF8String(0).toString()).isEqualTo("1.2.3.4");
        assertThat(row.isNullAt(6)).as("status").isTrue();
        assertThat(row.getLong(7)).isEqualTo(5);
        assertThat(row.isNullAt(9)).as("user agent").isTrue();
        assertThat(row.getUTF8String(10).toString()).isEqualTo("status is not a number of three digits: '20x'");
    }

    @Test
    void noBytesMakeItThrow() {
        Random random = new Random(9);
        List<String> formats = List.of(NGINX, NGINX_JSON, W3C, "escape=none $msec|$status|$request_uri");
        List<byte[]> lines = List.of(
                bytes(
                        "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET /x HTTP/2.0\" 200 612 \"-\" \"M\" 0.2 0.1 \"5.6\""),
                bytes(
                        "{\"time\":\"2015-05-17T10:05:03+02:00\",\"ip\":\"1.2.3.4\",\"user\":\"\",\"request\":\"GET / HTTP/1.1\","
                                + "\"status\":200,\"agent\":\"\\u00e9\"}"),
                bytes("2015-05-17 10:05:03.5 1.2.3.4 - GET /a q=1 200 512 46 \"M \"\"x\"\" (X11)\""),
                bytes("1431857103.250|200|/x"));
        for (int f = 0; f < formats.size(); f++) {
            LineRow row = row(formats.get(f));
            int reason = row.numFields() - 4;
            for (int i = 0; i < 60_000; i++) {
                byte[] line = lines.get(f).clone();
                for (int changes = random.nextInt(4); changes > 0; changes--) {
                    line[random.nextInt(line.length)] = random.nextBoolean()
                            ? (byte) random.nextInt(256)
                            : (byte) "\"\\[] -/:#".charAt(random.nextInt(9));
                }
                int from = random.nextInt(4) == 0 ? random.nextInt(line.length) : 0;
                row.line(line, from, line.length, 0, 1);
                InternalRow copy = row.copy();
                boolean isGood = copy.isNullAt(reason) && !copy.getBoolean(reason + 1);
                assertThat(copy.isNullAt(reason + 2)).isEqualTo(!isGood);
            }
        }
    }

    private static LineRow row(String format) {
        LineFormat compiled = LineFormat.of(format);
        return LineRows.row(compiled, ZoneOffset.UTC, LineFunction.LINE.schema(compiled), LineFunction.LINE);
    }

    private static String values(String format, String line) {
        LineParser parser = new LineParser(format);
        InternalRow row = parser.parse(bytes(line));
        List<String> values = new ArrayList<>();
        int last = parser.schema().length() - 1;
        for (int i = 0; i < last; i++) {
            Object value = row.get(i, parser.schema().fields()[i].dataType());
            if (value != null && parser.schema().fields()[i].dataType() instanceof TimestampType) {
                long micros = (Long) value;
                value = Instant.ofEpochSecond(
                        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
            }
            values.add(String.valueOf(value));
        }
        return row.isNullAt(last)
                ? String.join("|", values)
                : row.getUTF8String(last).toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
