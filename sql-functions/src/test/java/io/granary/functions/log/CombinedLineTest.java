package io.granary.functions.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.apache.spark.sql.catalyst.InternalRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of {@code format: combined}. */
class CombinedLineTest {
    private static final LineParser PARSER = new LineParser("combined");
    private static final String GOOD = "83.149.9.216 - - [17/May/2015:10:05:03 +0000] "
            + "\"GET /presentations/a.png?x=1 HTTP/1.1\" 200 203023 \"http://semicomplete.com/\" \"Mozilla/5.0 (X11)\"";

    @Test
    void readsEveryField() {
        InternalRow row = parse(GOOD);

        assertThat(text(row, "reject_reason")).isNull();
        assertThat(text(row, "client_ip")).isEqualTo("83.149.9.216");
        assertThat(text(row, "user_name")).isNull();
        assertThat(at(row)).isEqualTo(Instant.parse("2015-05-17T10:05:03Z"));
        assertThat(text(row, "method")).isEqualTo("GET");
        assertThat(text(row, "url")).isEqualTo("/presentations/a.png?x=1");
        assertThat(text(row, "protocol")).isEqualTo("HTTP/1.1");
        assertThat(row.getInt(PARSER.schema().fieldIndex("status"))).isEqualTo(200);
        assertThat(row.getLong(PARSER.schema().fieldIndex("bytes"))).isEqualTo(203023);
        assertThat(text(row, "referrer")).isEqualTo("http://semicomplete.com/");
        assertThat(text(row, "user_agent")).isEqualTo("Mozilla/5.0 (X11)");
    }

    @Test
    void dashIsNullAndZeroBytes() {
        InternalRow row = parse("- - ann lee [17/May/2015:10:05:03 +0000] \"-\" 408 - \"-\" \"-\"");

        assertThat(text(row, "reject_reason")).isNull();
        assertThat(text(row, "client_ip")).isNull();
        assertThat(text(row, "user_name")).isEqualTo("ann lee");
        assertThat(text(row, "url")).isNull();
        assertThat(text(row, "referrer")).isNull();
        assertThat(text(row, "user_agent")).isNull();
        assertThat(row.getLong(PARSER.schema().fieldIndex("bytes"))).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "17/May/2015:10:05:03 +0000, 2015-05-17T10:05:03Z",
        "17/May/2015:23:05:03 -0700, 2015-05-18T06:05:03Z",
        "01/Jan/2016:00:15:00 +0530, 2015-12-31T18:45:00Z",
        "29/Feb/2016:00:00:00 +0000, 2016-02-29T00:00:00Z",
    })
    void timeOfAnyZone(String logged, String expected) {
        assertThat(at(parse(GOOD.replace("17/May/2015:10:05:03 +0000", logged))))
                .isEqualTo(Instant.parse(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            nullValues = "NULL",
            value = {
                "GET / HTTP/1.0 ~ GET ~ / ~ HTTP/1.0",
                "GET /a b c HTTP/1.1 ~ GET ~ /a b c ~ HTTP/1.1",
                "GET /old ~ GET ~ /old ~ NULL",
                "PRI * HTTP/2.0 ~ PRI ~ * ~ HTTP/2.0",
                "- ~ NULL ~ NULL ~ NULL",
                "GET ~ NULL ~ GET ~ NULL",
                "GET HTTP/1.1 ~ NULL ~ GET HTTP/1.1 ~ NULL",
                "\\x16\\x03\\x01\\xff ~ NULL ~ \\x16\\x03\\x01\\xff ~ NULL",
                "hello world ~ NULL ~ hello world ~ NULL",
                "GET /say\\\"hi\\\" HTTP/1.1 ~ GET ~ /say\"hi\" ~ HTTP/1.1",
                "GET /\\xD0\\x9F HTTP/1.1 ~ GET ~ /П ~ HTTP/1.1",
            })
    void requestLines(String request, String method, String url, String protocol) {
        InternalRow row = parse(GOOD.replace("GET /presentations/a.png?x=1 HTTP/1.1", request));

        assertThat(text(row, "reject_reason")).isNull();
        assertThat(text(row, "method")).isEqualTo(method);
        assertThat(text(row, "url")).isEqualTo(url);
        assertThat(text(row, "protocol")).isEqualTo(protocol);
    }

    @Test
    void anEmptyRequestIsAnEmptyUrl() {
        assertThat(text(parse(GOOD.replace("GET /presentations/a.png?x=1 HTTP/1.1", "")), "url"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "'' ~ line is empty",
                "hello ~ client address is missing",
                "1.2.3.4 [17/May/2015:10:05:03 +0000] ~ identity (second field) is missing",
                "1.2.3.4 - [17/May/2015:10:05:03 +0000] ~ user name (third field) is missing",
                "1.2.3.4 - - ~ time in [brackets] is missing",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000 ~ time has no closing bracket",
                "1.2.3.4 - - [17/Mai/2015:10:05:03 +0000] ~ time is not of the form 17/May/2015:10:05:03 +0000: '17/Mai/2015:10:05:03 +0000'",
                "1.2.3.4 - - [31/Feb/2015:10:05:03 +0000] ~ time is not of the form 17/May/2015:10:05:03 +0000: '31/Feb/2015:10:05:03 +0000'",
                "1.2.3.4 - - [17/May/2015:24:05:03 +0000] ~ time is not of the form 17/May/2015:10:05:03 +0000: '17/May/2015:24:05:03 +0000'",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000] ~ request in quotes is missing",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1 200 5 ~ request has no closing quote",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" ~ status is missing",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 20x 5 ~ status is not a number of three digits: '20x'",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 ~ number of bytes is missing",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 -5 \"-\" \"-\" ~ number of bytes is not a number: '-5'",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5 ~ referrer in quotes is missing",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5 \"- ~ referrer has no closing quote",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" ~ user agent in quotes is missing",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"Mozilla\\\" ~ user agent has no closing quote",
                "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\" \"x\" ~ text after the user agent, where a line of the combined format ends: ' \"x\"'",
            })
    void rejectsInWords(String line, String reason) {
        InternalRow row = parse(line);

        assertThat(text(row, "reject_reason")).isEqualTo(reason);
        assertThat(row.isNullAt(PARSER.schema().fieldIndex("client_ip"))).isTrue();
    }

    @Test
    void badUtf8IsReplaced() {
        byte[] line = GOOD.getBytes(StandardCharsets.ISO_8859_1);
        line[GOOD.indexOf("(X11)") + 1] = (byte) 0xff;

        assertThat(text(PARSER.parse(line), "user_agent")).isEqualTo("Mozilla/5.0 (\uFFFD11)");
    }

    @Test
    void noBytesMakeItThrow() {
        Random random = new Random(7);
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 200_000; i++) {
            byte[] line = java.util.Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (int changes = random.nextInt(4); changes > 0 && line.length > 0; changes--) {
                line[random.nextInt(line.length)] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : (byte) "\"\\[] -/:x".charAt(random.nextInt(9));
            }
            InternalRow row = PARSER.parse(line);
            boolean rejected = !row.isNullAt(PARSER.schema().fieldIndex("reject_reason"));
            assertThat(row.isNullAt(PARSER.schema().fieldIndex("event_at"))).isEqualTo(rejected);
        }
    }

    private static InternalRow parse(String line) {
        return PARSER.parse(line.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(InternalRow row, String field) {
        int index = PARSER.schema().fieldIndex(field);
        return row.isNullAt(index) ? null : row.getUTF8String(index).toString();
    }

    private static Instant at(InternalRow row) {
        long micros = row.getLong(PARSER.schema().fieldIndex("event_at"));
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L));
    }
}
